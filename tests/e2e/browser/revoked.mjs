// Branches whose certificates were taken back (revoked.mjs DIR): the CA's list
// by openssl ca, changed under a running relay; damaged, foreign, old, too old.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { Handset } from './handset.mjs';
import { finish, is, ok, placement, program, until } from './lib.mjs';

const dir = process.argv[2], there = (name) => path.join(dir, name);
const crl = there('branches.crl'), wait = 6000;
const openssl = (...args) => execFileSync('openssl', args, { stdio: 'pipe' });
const ca = (...args) => openssl('ca', '-config', there('ca.cnf'), ...args);
const time = (s) => new Date(Date.now() + 1000 * s).toISOString().replace(/[-:T]|\.\d+/g, '');
/* Made beside it and renamed into place. */
function list(...args) {
  ca('-gencrl', '-out', crl + '.new', ...args);
  fs.copyFileSync(crl + '.new', there('last.crl'));
  fs.renameSync(crl + '.new', crl);
}
const put = (text) => { fs.writeFileSync(crl + '.new', text); fs.renameSync(crl + '.new', crl); };
const revoke = (name) => ca('-revoke', there(name + '.pem'));
const log = () => fs.readFileSync(there('handoff.log'), 'utf8');
const says = (words, from = 0) => until(() => log().slice(from).includes(words), wait);

revoke('gone');
list('-crl_lastupdate', time(-3600), '-crl_nextupdate', time(86400));
const first = fs.readFileSync(crl);
const at = await placement(dir, 'relay', [there('npki-20270314.p12')]);

/* A branch by hand; `here` once the relay has greeted it. */
function branch(name) {
  const b = { here: false, ended: false };
  const s = tls.connect({ host: '127.0.0.1', port: at.branches, ca: fs.readFileSync(there('ca.pem')), cert: fs.readFileSync(there(name + '.pem')), key: fs.readFileSync(there(name + '.key')) });
  s.on('data', () => { b.here = true; });
  s.on('error', () => { b.ended = true; });
  s.on('close', () => { b.ended = true; });
  b.comes = async () => { await until(() => b.here || b.ended); return b.here && !b.ended; };
  b.end = () => s.destroy();
  return b;
}
const comes = async (name) => { const b = branch(name), in_ = await b.comes(); b.end(); return in_; };

/* ---- a list from the beginning ---- */
const customer = await new Handset(at, await at.newUrl()).ready();
is('a branch that is not listed serves its customers', (await customer.claim()).status, 200);
ok('nobody comes in with a revoked certificate', !(await comes('gone')));
ok('and the log names the branch and why', await says('branch 0900 refused: its certificate is revoked'));
ok('another branch comes in', await comes('second'));

/* ---- it changes under the relay ---- */
const second = branch('second');
await second.comes();
revoke('second');
list('-crlhours', '24');
ok('a branch that is here goes when its certificate is revoked', await until(() => second.ended, wait));
ok('and does not come back', !(await comes('second')));
is('the other branch\'s customer has seen nothing of it', (await customer.fetch()).status, 202);

/* ---- what is no list of ours ---- */
const good = fs.readFileSync(crl);
for (const [what, text] of [['that is damaged', good.subarray(0, 120)], ['that is none', 'x'.repeat(300000)], ['of another authority', fs.readFileSync(there('foreign.crl'))], ['from before', first]]) {
  const from = log().length;
  put(text);
  ok(`a list ${what} is refused, and the log says so`, await says('the one before is kept', from), log().slice(from));
  ok(`after a list ${what}: a revoked branch stays out`, !(await comes('second')));
  ok(`after a list ${what}: others come in`, await comes('third'));
}
let from = log().length;
fs.rmSync(crl);
ok('a list that was deleted is missed, and the log says so', await says('the one before is kept', from), log().slice(from));
ok('and a revoked branch stays out', !(await comes('second')));
is('the customer is still waiting for the digits', (await customer.fetch()).status, 202);

/* ---- nobody made a new one in time ---- */
from = log().length;
const third = branch('third');
await third.comes();
list('-crlsec', '4');
ok('a list that is over: the log says so', await until(() => log().slice(from).includes('out of date: no branch may come'), 20000), log().slice(from));
ok('who was here goes', await until(() => third.ended, wait));
ok('and nobody comes in', !(await comes('third')));
ok('the customer\'s kiosk learns it', (await at.owner.said('lost', 10000))?.lost === 'gone');
list('-crlhours', '24');
const url = await at.newUrl();
ok('with the next list the branch is back by itself, with a new QR', url !== undefined);
const again = await new Handset(at, url).ready();
await again.insist(() => again.claim(), (r) => r.status === 200);
at.owner.tell(`digits ${again.digits}`);
await again.open((await again.insist(() => again.fetch(), (r) => r.status === 200)).body);
is('and its customer finishes', (await again.ack()).body.state, 'done');

/* ---- two processes, one life ---- */
const children = () => execFileSync('ps', ['-o', 'pid=', '--ppid', String(at.server.p.pid)]).toString().trim().split(/\s+/).map(Number);
const [watcher] = children();
const sockets = () => fs.readdirSync(`/proc/${watcher}/fd`).filter((n) => { if (n < 3) return false; try { return fs.readlinkSync(`/proc/${watcher}/fd/${n}`).startsWith('socket:'); } catch { return false; } });
if (!fs.existsSync(there('ns.json'))) is('who watches the list has no socket', sockets().length, 0);
process.kill(watcher, 'SIGKILL');
ok('a relay whose watcher is gone does not go on as if all were well', await until(() => at.server.p.exitCode === 3, wait), at.server.p.exitCode);
await at.startServer();
const [other] = children();
await at.server.end('SIGKILL');
ok('and a watcher does not outlive its relay', await until(() => !fs.existsSync(`/proc/${other}`) || /\) Z/.test(fs.readFileSync(`/proc/${other}/stat`, 'utf8')), wait));

/* ---- at the start ---- */
for (const [what, make] of [['no list where one is said to be', () => fs.rmSync(crl)], ['a list of another authority', () => put(fs.readFileSync(there('foreign.crl')))]]) {
  make();
  const p = program('dasi-handoff', ['--relay', '--config', there('relay.conf')], { log: there('start.log') });
  ok(`with ${what} the relay does not start`, await until(() => p.p.exitCode === 3, wait), p.p.exitCode);
  await p.end();
}
await at.owner.end();
await at.branch.end();
finish();
