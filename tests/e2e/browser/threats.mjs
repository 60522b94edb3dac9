// What strangers, thieves, other people's software and bad networks may try
// (threats.mjs DIR KIND): one block a row, the customer's part by handset.mjs.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Handset, parse, raw, request } from './handset.mjs';
import { finish, is, ok, placement, until } from './lib.mjs';

const dir = process.argv[2], kind = process.argv[3];
const easy = path.join(dir, 'npki-20270314.p12'), strong = path.join(dir, 'npki-20270314-strong.p12');
const at = await placement(dir, kind, [easy, strong]);
const { owner } = at;
let address = 10;
const elsewhere = () => `127.0.${Math.floor(address / 200)}.${(address++ % 200) + 20}`;
async function fresh(first = false) {
  if (!first) owner.tell('open');
  return at.newUrl();
}
const phone = async (url, from = elsewhere()) => new Handset(at, url, from).ready();
const other = (digits) => (digits === '111111' ? '222222' : '111111');

/* ---- a camera photographs the QR; two phones ---- */
let url = await fresh(true);
let mine = await phone(url), thief = await phone(url);
is('the customer claims', (await mine.claim()).status, 200);
await owner.said('claim');
let r = await thief.claim();
is('two phones: the second is told so', r.status, 409);
is('and in a word', r.body.state, 'elsewhere');
ok('the kiosk is told so too', await until(() => owner.lines.some((l) => l.event === 'handoff.changed' && l.params.state === 'elsewhere')));
is('QR alone: nothing to fetch before the digits', (await thief.fetch()).status, 202);
owner.tell(`digits ${mine.digits}`);
await owner.said('digits');
r = await mine.insist(() => mine.fetch(), (x) => x.status === 200);
let opened = await thief.open((await thief.fetch()).body).catch(() => null);
ok('QR alone: what is fetched is not for a second phone to open', opened === null);
await mine.open(r.body);
ok('the first phone opens it', mine.files[0].equals(fs.readFileSync(easy)) && mine.files[1].equals(fs.readFileSync(strong)));
is('a receipt of who could not open it is refused', (await (thief.files = [Buffer.alloc(3)], thief.ack())).status, 404);
is('fetched again until the receipt', (await mine.fetch()).status, 200);
is('and acknowledged', (await mine.ack()).body.state, 'done');
is('the owner knows', (await owner.said('ack')).ack, 'mismatch');
is('by the right receipt only', (await owner.said('ack')).state, 'done');
/* ---- 410 and what it says ---- */
r = await mine.fetch();
is('410 afterwards', r.status, 410);
is('with a word and nothing else', r.bytes.toString(), '{"state":"used"}');
is('a receipt that got lost is answered again', (await mine.ack()).status, 200);
is('a claim afterwards is 410', (await (await phone(url)).claim()).status, 410);

/* ---- a man in the middle; the digits cover the phone's key ---- */
url = await fresh();
mine = await phone(url); thief = await phone(url);
let body = await mine.claimBody();
r = await thief.send('claim', { ...body, key: (await thief.claimBody()).key });
is('a key that was exchanged on the way is refused', r.status, 404);
is('the owner saw that', (await owner.said('claim')).claim, 'mismatch');
is('and the id is still free for the customer', (await mine.claim()).status, 200);
const nonce = Buffer.alloc(16, 7);
ok('another key has other digits', await mine.digitsOf(nonce) !== await thief.digitsOf(nonce));
/* ---- replay ---- */
const claimed = owner.lines.filter((l) => l.claim === 'none').length;
r = await (await phone(url)).send('claim', await mine.claimBody());
ok('a claim replayed from another address is answered as before', r.status === 200 && typeof r.body.nonce === 'string');
is('replay: the owner is not asked again', owner.lines.filter((l) => l.claim === 'none').length, claimed);
is('replay: nothing to fetch', (await mine.fetch()).status, 202);
/* ---- wrong digits ---- */
for (const left of [2, 1, 0]) {
  owner.tell(`digits ${other(mine.digits)}`);
  is(`wrong digits: ${left} more`, (await owner.said('digits')).left, left);
}
r = await mine.insist(() => mine.fetch(), (x) => x.status === 410);
is('three wrong digits end it', r.body.state, 'wrong');
owner.tell(`digits ${mine.digits}`);
ok('and the right ones come too late', (await owner.said('digits')).digits !== 'none');
is('nothing is handed out then', (await mine.fetch()).status, 410);
/* ---- wrong customer: the kiosk's session ends ---- */
url = await fresh();
mine = await phone(url);
await mine.claim();
owner.tell('close gone');
r = await mine.insist(() => mine.fetch(), (x) => x.status === 410);
is('a kiosk that is left ends it', r.body.state, 'gone');

/* ---- prefetchers, previews, 100 GETs ---- */
url = await fresh();
const here = new URL(url).pathname;
mine = await phone(url);
const bots = ['HEAD', 'GET', 'GET', 'OPTIONS', 'PUT', 'DELETE', 'GET'];
for (const [i, method] of bots.entries())
  await raw(at, request(method, here, '', i === 2 ? 'Purpose: prefetch\r\n' : i === 6 ? 'User-Agent: facebookexternalhit/1.1\r\n' : ''), { from: elsewhere() });
const many = [];
for (let i = 0; i < 100; i++) many.push(parse(await raw(at, request('GET', here), { from: `127.0.9.${1 + i % 10}` })).status);
ok('100 GETs get the page', many.every((s) => s === 200), many.join(' '));
ok('100 GETs: the kiosk hears once that the page was opened', await until(() => owner.lines.some((l) => l.event && l.params.state === 'open' && l.params.id === mine.id)) &&
  owner.lines.filter((l) => l.event && l.params.state === 'open' && l.params.id === mine.id).length === 1);
is('prefetchers, previews and 100 GETs consumed nothing', (await mine.claim()).status, 200);
r = await mine.get();
is('no cache keeps an answer', r.head['cache-control'], 'no-store');
is('nor leaks its address', r.head['referrer-policy'], 'no-referrer');

/* ---- scripts: the page is the reviewed one, and lets no other in ---- */
const page = fs.readFileSync('assets/handoff/page.html');
ok('the page is the file of the sources, to the byte', r.bytes.equals(page));
for (const tag of ['script', 'style']) {
  const text = page.toString(), inside = text.slice(text.indexOf(`<${tag}>`) + tag.length + 2, text.indexOf(`</${tag}>`));
  ok(`the policy has the hash of its ${tag}`, r.head['content-security-policy'].includes(`${tag}-src 'sha256-${crypto.createHash('sha256').update(inside).digest('base64')}'`));
}
ok('a fake page could ask a password: ours has no field for anything', !/<(input|textarea|select|form)\b/i.test(page.toString()));

/* ---- guessing: what is unknown looks the same, to the byte ---- */
const real = mine.id, wrongWord = JSON.stringify({ auth: Buffer.alloc(32, 9).toString('base64url') });
const unknown = [
  ['an unknown id', request('POST', '/d/ABCDEFGHIJKLMNOP/fetch', wrongWord)],
  ['a known id with the wrong word', request('POST', `/d/${real}/fetch`, wrongWord)],
  ['a known id without a word', request('POST', `/d/${real}/fetch`, '{}')],
  ['a known id with no JSON', request('POST', `/d/${real}/claim`, 'auth=1')],
  ['a known id twice in one object', request('POST', `/d/${real}/claim`, '{"auth":"a","auth":"b"}')],
  ['an unknown verb', request('POST', `/d/${real}/steal`, wrongWord)],
  ['an unknown id\'s unknown verb', request('POST', '/d/ABCDEFGHIJKLMNOP/steal', wrongWord)],
  ['a path of no id', request('POST', '/d/short/fetch', wrongWord)],
  ['a path above', request('GET', '/d/../../etc/passwd')],
  ['a GET of a verb', request('GET', `/d/${real}/fetch`)],
  ['a PUT', request('PUT', `/d/${real}`, '{}')],
  ['another folder', request('GET', '/')],
];
const first = await raw(at, unknown[0][1], { from: elsewhere() });
is('an unknown id is 404', parse(first).status, 404);
for (const [what, text] of unknown.slice(1)) {
  const answer = await raw(at, text, { from: elsewhere() });
  ok(`${what} is answered like an unknown id, to the byte`, answer.raw.equals(first.raw), answer.raw.toString());
}
const gets = await Promise.all(['ABCDEFGHIJKLMNOP', real].map((id) => raw(at, request('GET', `/d/${id}`), { from: elsewhere() })));
ok('the page of an unknown id is that of a known one, to the byte', gets[0].raw.equals(gets[1].raw));
/* ---- guessing: rates ---- */
url = await fresh();
mine = await phone(url);
const claims = [];
for (let i = 0; i < 7; i++) claims.push((await (await phone(url)).send('claim', { ...(await mine.claimBody()), mac: Buffer.alloc(32, i).toString('base64url') })).status);
is('five claims a minute and id, then 429', claims.join(' '), '404 404 404 404 404 429 429');
const flood = [];
for (let i = 0; i < 45; i++) flood.push(parse(await raw(at, request('GET', '/d/ABCDEFGHIJKLMNOP'), { from: '127.0.8.8' })).status);
ok('an address that floods is turned away', flood.slice(0, 20).every((s) => s === 200) && flood.slice(35).filter((s) => s !== 200).length > 3, flood.join(' '));
is('another address is served meanwhile', parse(await raw(at, request('GET', '/d/ABCDEFGHIJKLMNOP'), { from: '127.0.8.9' })).status, 200);

/* ---- oversized and slow ---- */
const fill = (n) => JSON.stringify({ auth: 'A'.repeat(n - 11) });
is('a body of 1 KiB is read', (await parse(await raw(at, request('POST', `/d/${real}/fetch`, fill(1024)), { from: elsewhere() }))).status, 404);
for (const id of [real, 'ABCDEFGHIJKLMNOP'])
  is('one byte more is refused', (await parse(await raw(at, request('POST', `/d/${id}/fetch`, fill(1025)), { from: elsewhere() }))).status, 413);
const chunked = `${request('POST', `/d/${real}/fetch`, '', 'Transfer-Encoding: chunked\r\n')}${'400\r\n' + 'a'.repeat(1024) + '\r\n'.repeat(1)}1\r\nb\r\n0\r\n\r\n`;
is('a body in pieces has the same limit', parse(await raw(at, chunked, { from: elsewhere() })).status, 413);
const big = parse(await raw(at, request('GET', here, '', `X-Long: ${'x'.repeat(60000)}\r\n`), { from: elsewhere() }));
ok('headers of 60 KB are refused', big.status === 0 || big.status >= 400, big.status);
const slow = await Promise.all([
  raw(at, request('POST', `/d/${real}/fetch`, fill(1024)), { from: elsewhere(), parts: 1000, ms: 20000 }),
  raw(at, request('GET', here), { from: elsewhere(), parts: 1000, ms: 20000 }),
  raw(at, '', { from: elsewhere(), ms: 20000 }),
]);
for (const [i, what] of ['a body', 'a head', 'silence'].entries())
  ok(`slow requests: ${what} of one byte a second ends after 10 s`, slow[i].error !== 'no end' && slow[i].ms > 8000 && slow[i].ms < 13500 && parse(slow[i]).status !== 200, `${slow[i].ms} ${slow[i].error}`);

/* ---- phone gone: the kiosk ends it, and begins another ---- */
url = await fresh();
mine = await phone(url);
await mine.claim();
owner.tell('close expired');
is('phone gone: over time', (await mine.insist(() => mine.fetch(), (x) => x.status === 410)).body.state, 'expired');
url = await fresh();
mine = await phone(url);
is('phone gone: another begins', (await mine.claim()).status, 200);
owner.tell(`digits ${mine.digits}`);
await mine.insist(() => mine.fetch(), (x) => x.status === 200);

/* ---- memory: while ciphertext lies ready, what the server must not have ---- */
const secrets = { id: Buffer.from(mine.id), S: mine.S, 'S as text': Buffer.from(mine.S.toString('base64url')),
  'the file': fs.readFileSync(easy).subarray(100, 140), 'the file as text': Buffer.from(fs.readFileSync(easy).subarray(0, 60).toString('base64')),
  'the strong file': fs.readFileSync(strong).subarray(100, 140) };
fs.writeFileSync(path.join(dir, 'secrets.json'), JSON.stringify(Object.fromEntries(Object.entries(secrets).map(([k, v]) => [k, v.toString('hex')]))));
fs.writeFileSync(path.join(dir, 'pids'), [at.server, at.branch].filter(Boolean).map((p) => p.p.pid).join('\n'));
console.log('ready'); /* the script looks, then lets us go on */
await new Promise((go) => process.stdin.once('data', go));
process.stdin.pause();

/* ---- logs ---- */
await at.end();
is('dasi-handoff ends well', at.server.p.exitCode, 0);
const log = fs.readFileSync(at.log, 'utf8');
const told = [...owner.lines.filter((l) => l.url).flatMap((l) => [l.url.split('#')[1], l.id]), mine.digits, mine.auth, '홍', 'npki-', 'p12', 'h.hanbit.test/d/'];
ok('the log has lines', log.split('\n').length > 1);
ok('the log has no secret, id, digits, name or file', told.every((t) => !log.includes(t)), told.find((t) => log.includes(t)));
finish();
