// dasi-handoff, the relay or the branch's end of it killed in each state of a
// handoff, or the cable between them cut (states.mjs DIR KIND): both screens
// have words for it, nothing is delivered that was not acknowledged, and the
// customer can start again.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Handset } from './handset.mjs';
import { browser, finish, is, ok, phone, placement, until } from './lib.mjs';

const dir = process.argv[2], kind = process.argv[3];
const easy = path.join(dir, 'npki-20270314.p12'), strong = path.join(dir, 'npki-20270314-strong.p12');
const at = await placement(dir, kind, [easy, strong]);
const { owner, ns } = at;

const steps = {
  open: async (p) => { await p.get(); },
  claimed: async (p) => { await p.insist(() => p.claim(), (r) => r.status === 200); },
  sending: async (p) => {
    owner.tell(`digits ${p.digits}`);
    await p.open((await p.insist(() => p.fetch(), (r) => r.status === 200)).body);
  },
  done: async (p) => { await p.insist(() => p.ack(), (r) => r.status === 200); },
};
/* A new handoff, as far as `state`. */
async function bring(state, url) {
  const p = await new Handset(at, url).ready();
  for (const s of Object.keys(steps)) {
    await steps[s](p);
    if (s === state) return p;
  }
}
/* How a victim falls, and how it comes back; `waits` for its loss at most. */
const victims = {
  'dasi-handoff': { kind: 'local', fall: () => at.server.end('SIGKILL'), rise: () => at.startServer() },
  'the relay': { kind: 'relay', fall: () => at.server.end('SIGKILL'), rise: () => at.startServer() },
  'the branch\'s end': { kind: 'relay', fall: () => at.branch.end('SIGKILL'), rise: () => at.startBranch() },
};
if (ns.cut) victims['the cable between them'] = { kind: 'relay', fall: () => execFileSync(ns.cut[0], ns.cut.slice(1)), rise: () => execFileSync(ns.mend[0], ns.mend.slice(1)) };
const acks = () => owner.lines.filter((l) => l.ack === 'none').length;

let url = await at.newUrl();
for (const [name, v] of Object.entries(victims).filter(([, x]) => x.kind === kind)) {
  for (const state of Object.keys(steps)) {
    const what = `${name} is lost when ${state}`;
    const p = await bring(state, url);
    const before = acks();
    await v.fall();
    const lost = await owner.said('lost', 25000);
    is(`${what}: the kiosk says`, lost && lost.lost, state === 'done' ? 'done' : 'gone');
    /* the phone polls: no answer, or that it is over */
    const r = await p.insist(() => p.fetch(), (x) => x.status !== 202 && x.status !== 200, 25000);
    ok(`${what}: the phone gets no files any more`, r.status === 0 || r.status === 410 || r.status === 404, r.status);
    if (r.status === 410) is(`${what}: the phone says`, r.body.state, state === 'done' ? 'used' : 'gone');
    await v.rise();
    url = await at.newUrl();
    ok(`${what}: the kiosk shows a new QR`, url !== undefined);
    if (url === undefined) break;
    const late = await p.insist(() => (state === 'sending' ? p.ack() : p.fetch()), (x) => x.status !== 0);
    ok(`${what}: the old QR is over`, late.status === 404 || late.status === 410, late.status);
    is(`${what}: nothing was delivered by it`, acks(), before);
    await bring('done', url);
    is(`${what}: the next handoff is finished`, acks(), before + 1);
    owner.tell('open');
    url = await at.newUrl();
  }
}

/* ---- what a customer reads meanwhile ---- */
if (fs.existsSync('/usr/bin/chromium')) {
  const b = await browser(dir, at.address), page = await (await phone(b)).newPage();
  const state = () => page.textContent('#state');
  const reads = async (words, what) => ok(what, await until(async () => (await state()).startsWith(words), 30000), await state());
  await page.goto(url);
  await page.click('#start');
  await reads('숫자 확인', 'a phone shows its digits');
  await at.server.end('SIGKILL');
  await reads('연결이 끊겼습니다', 'killed: the phone says that it tries again');
  await at.startServer();
  await reads('열 수 없는 QR', 'started again: the phone sends its customer to the kiosk');
  await page.goto('about:blank');
  url = await at.newUrl();
  await page.goto(url);
  await page.click('#start');
  await reads('숫자 확인', 'the new QR opens on the same phone');
  if (kind === 'relay') {
    await at.branch.end('SIGKILL');
    await reads('무인 창구에서 끝냈습니다', 'the branch is lost: the phone says so');
    at.startBranch();
    await at.newUrl();
  }
  await b.close();
}

/* ---- a server that ends well tells who waits ---- */
owner.tell('open');
const last = await new Handset(at, await at.newUrl()).ready();
owner.p.kill('SIGSTOP'); /* an agent that does not answer */
/* two at once: either may be the first, and that one is waited for */
const claims = [last.claim(), last.claim()];
const second = await Promise.race(claims.map(async (c, i) => ({ i, status: (await c).status })));
ok('a phone that waits is waited for once', second.status === 429, second.status);
await at.server.end('SIGTERM');
is('ended while a phone waits: exit 0', at.server.p.exitCode, 0);
const told = await claims[1 - second.i];
ok('and the phone is told or cut off, not left', told.status === 410 || told.status === 0, told.status);
owner.p.kill('SIGCONT');
await at.end();
finish();
