// Who may be a branch at the relay, and what a branch may do there (relay.mjs
// DIR): certificates, frames, one connection each, nobody else's handoffs.
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { Handset } from './handset.mjs';
import { finish, is, ok, placement, program, until } from './lib.mjs';

const dir = process.argv[2];
const file = (name) => fs.readFileSync(path.join(dir, name));
const at = await placement(dir, 'relay', [path.join(dir, 'npki-20270314.p12')]);
const url = await at.newUrl();

/* A branch by hand: frames in, frames out, whether it is there. */
function branch(name, more = {}) {
  const b = { frames: [], open: false, ended: false };
  let got = Buffer.alloc(0);
  const s = tls.connect({ host: '127.0.0.1', port: at.branches, ca: file('ca.pem'), ...(name && { cert: file(`${name}.pem`), key: file(`${name}.key`) }), ...more });
  s.on('secureConnect', () => { b.open = true; });
  s.on('data', (d) => {
    got = Buffer.concat([got, d]);
    while (got.length >= 4 && got.length >= 4 + got.readUInt32BE(0)) {
      b.frames.push(JSON.parse(got.subarray(4, 4 + got.readUInt32BE(0))));
      got = got.subarray(4 + got.readUInt32BE(0));
    }
  });
  s.on('error', (e) => { b.error = e.code; b.ended = true; });
  s.on('close', () => { b.ended = true; });
  b.raw = (bytes) => s.write(bytes);
  b.send = (o) => { const t = Buffer.from(JSON.stringify(o)), n = Buffer.alloc(4); n.writeUInt32BE(t.length); s.write(Buffer.concat([n, t])); };
  b.ask = async (id, method, params) => { b.send({ id, method, params }); await until(() => b.frames.some((f) => f.id === id) || b.ended); return b.frames.find((f) => f.id === id); };
  b.ready = () => until(() => b.frames.some((f) => f.event === 'handoff.ready') || b.ended).then(() => !b.ended);
  b.end = () => s.destroy();
  return b;
}
const handoff = (ttl_s = 180) => ({ id: [...randomBytes(16)].map((x) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[x % 32]).join(''), auth_hash: createHash('sha256').update('x').digest('base64'), ttl_s });

/* ---- who is let in ---- */
const bad = [
  ['without a certificate', branch(null)],
  ['with a certificate of another authority', branch('foreign')],
  ['with the relay\'s own certificate', branch('relay')],
  ['with a certificate that is over', branch('old')],
  ['with a name that is no branch\'s code', branch('odd')],
  ['by TLS 1.2', branch('second', { maxVersion: 'TLSv1.2' })],
];
for (const [what, b] of bad) {
  await until(() => b.ended);
  ok(`nobody comes in ${what}`, b.ended && b.frames.length === 0, JSON.stringify(b.frames));
}
const second = branch('second');
ok('a branch comes in', await second.ready());
is('and hears what phones open', second.frames[0].params.base, 'https://h.hanbit.test');

/* ---- nobody else's handoffs ---- */
const others = new URL(url).pathname.split('/').pop();
for (const [method, params] of [['handoff.close', { id: others, state: 'gone' }], ['handoff.deliver', { id: others, key: 'AA==', expiry: 1, not_after: 1, holder: '', files: [{ name: 'a.p12', profile: 'strong', data: 'AA==' }] }]])
  is(`another branch's: ${method} finds nothing`, (await second.ask(Math.floor(Math.random() * 1e9) + 1, method, params)).error.code, 'handoff.none');
is('another branch\'s id is taken', (await second.ask(7, 'handoff.open', { ...handoff(), id: others })).error.code, 'rpc.params');
const phone = await new Handset(at, url, '127.0.0.77').ready();
is('the other branch\'s customer has seen nothing of it', (await phone.claim()).status, 200);
let refused = 0;
for (let i = 0; i < 30; i++) refused += 'error' in (await second.ask(100 + i, 'handoff.open', handoff()));
is('a branch has 16 at once', refused, 14);

/* ---- what is no request ---- */
for (const [what, o] of [['an unknown method', { id: 300, method: 'case.open', params: {} }], ['hello', { id: 301, method: 'hello', params: { role: 'agent' } }], ['parameters of a wrong type', { id: 302, method: 'handoff.open', params: [] }]])
  ok(`${what} is refused`, 'error' in (await second.ask(o.id, o.method, o.params)));
second.send({ id: 999, result: { nonce: 'AAECAwQFBgcICQoLDA0ODw==' } });
second.send({ id: 1, result: {} });
is('answers to what was not asked change nothing', (await phone.fetch()).status, 202);
for (const [what, bytes] of [['an empty frame', Buffer.alloc(4)], ['a frame of 64 KiB and one', Buffer.from([0, 1, 0, 1])], ['a frame of 4 GiB', Buffer.from([255, 255, 255, 255, 123])], ['a frame of no JSON', Buffer.from([0, 0, 0, 2, 123, 120])], ['a frame of no object', Buffer.from([0, 0, 0, 2, 91, 93])], ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')]]) {
  const b = branch('second');
  await b.ready();
  b.raw(bytes);
  ok(`${what} ends the connection`, await until(() => b.ended));
}
/* ---- one connection a branch ---- */
const one = branch('second');
await one.ready();
is('it opens one', 'result' in (await one.ask(1, 'handoff.open', handoff())), true);
const two = branch('second');
await two.ready();
ok('a new connection of a branch replaces the old', await until(() => one.ended) && !two.ended);
is('and what the old one had is over: there is room', (await Promise.all(Array.from({ length: 16 }, (_, i) => two.ask(10 + i, 'handoff.open', handoff())))).filter((f) => 'result' in f).length, 16);
two.end();

/* ---- connections that only take room ---- */
const idle = Array.from({ length: 20 }, () => net.connect(at.branches, '127.0.0.1').on('error', () => {}));
const late = branch('second');
ok('a crowd that says nothing keeps a branch out for ten seconds at most', await until(() => late.frames.length > 0, 15000));
late.end();
idle.forEach((s) => s.destroy());

/* ---- whom a branch believes ---- */
const foreign = tls.createServer({ cert: file('foreign.pem'), key: file('foreign.key'), requestCert: true, rejectUnauthorized: false });
const wrongName = tls.createServer({ cert: file('branchserver.pem'), key: file('branchserver.key'), requestCert: true, rejectUnauthorized: false });
for (const [what, server] of [['another authority\'s', foreign], ['one with another name', wrongName]]) {
  const heard = [];
  server.on('secureConnection', (s) => { s.on('data', (d) => heard.push(d)); s.on('error', () => {}); const t = Buffer.from('{"event":"handoff.ready","params":{"base":"https://evil.test"}}'), n = Buffer.alloc(4); n.writeUInt32BE(t.length); s.write(Buffer.concat([n, t])); });
  server.on('tlsClientError', () => {});
  await new Promise((go) => server.listen(0, '127.0.0.1', go));
  let calls = 0;
  server.on('connection', () => { calls++; });
  const conf = path.join(dir, 'wrong.conf');
  fs.writeFileSync(conf, file('branch.conf').toString().replace(/relay = "[^"]*"/, `relay = "127.0.0.1:${server.address().port}"`).replace(/agent\.sock/, 'no.sock'));
  const log = path.join(dir, 'wrong.log');
  fs.rmSync(log, { force: true });
  const end = program('dasi-handoff', ['--config', conf], { log });
  ok(`a relay with a certificate of ${what} is called again and again`, await until(() => calls >= 3));
  ok('but hears nothing', heard.length === 0);
  ok('and is not believed', /refused/.test(fs.readFileSync(log, 'utf8')) && !/is there/.test(fs.readFileSync(log, 'utf8')), fs.readFileSync(log, 'utf8'));
  await end.end();
  server.close();
}

is('after all this the customer is still waiting for the digits', (await phone.fetch()).status, 202);
at.owner.tell(`digits ${phone.digits}`);
await phone.open((await phone.insist(() => phone.fetch(), (r) => r.status === 200)).body);
is('and finishes', (await phone.ack()).body.state, 'done');
await at.end();
is('the relay ends well', at.server.p.exitCode, 0);
is('the branch\'s end too', at.branch.p.exitCode, 0);
finish();
