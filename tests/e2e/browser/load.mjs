// One customer after the other while a crowd hammers (load.mjs DIR CUSTOMERS):
// they finish, the server does not grow.  The last line is JSON, for the
// benchmark: ms of a customer's steps alone and in the crowd.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import fs from 'node:fs';
import path from 'node:path';
import { Handset } from './handset.mjs';
import { finish, ok, placement } from './lib.mjs';

const dir = process.argv[2], customers = Number(process.argv[3]);
const MOST = 200000, GROWS_KB = 2048, CLIENTS = 200, FINISH_MS = 60000;
const at = await placement(dir, 'local', [path.join(dir, 'npki-20270314.p12')]);
const { owner } = at;
let next = 1;

function crowd(clients, ...more) {
  const p = spawn(process.execPath, ['tests/e2e/browser/hammer.mjs', String(at.port), String(clients), String(MOST), ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: p.stdout })[Symbol.asyncIterator]();
  const said = async () => JSON.parse((await lines.next()).value);
  return { begun: said, end: async () => { p.kill('SIGTERM'); return (await said()).count; } };
}
const rss = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${at.server.p.pid}/status`, 'utf8'))[1]);

/* A customer finishes; how long the server took for each step. */
async function customer(steps) {
  const began = Date.now();
  const p = await new Handset(at, await at.newUrl(), `127.0.2.${next++ % 250 + 1}`).ready();
  const timed = (name, step, done) => p.insist(async () => {
    const r = await step();
    if (r.status !== 0) steps[name].push(r.ms);
    else steps.lost++;
    return r;
  }, done);
  await timed('claim', () => p.claim(), (r) => r.status === 200);
  owner.tell(`digits ${p.digits}`);
  await p.open((await timed('fetch', () => p.fetch(), (r) => r.status === 200)).body);
  const r = await timed('ack', () => p.ack(), (x) => x.status === 200);
  owner.tell('open');
  return r.status === 200 ? Date.now() - began : Infinity;
}
const fresh = () => ({ claim: [], fetch: [], ack: [], lost: 0 });
const at99 = (list) => { const s = [...list].sort((a, b) => a - b); return Math.round(s[Math.ceil(s.length * 0.99) - 1] * 10) / 10; };

const alone = fresh(), crowded = fresh();
for (let i = 0; i < customers; i++) await customer(alone);
/* what libraries take once, with all places taken, is no growth */
let mob = crowd(CLIENTS);
await mob.begun();
await customer(fresh());
await mob.end();

const before = rss();
mob = crowd(CLIENTS);
ok(`${(await mob.begun()).clients} clients hammer`, true);
const took = [];
for (let i = 0; i < customers; i++) took.push(await customer(crowded));
const count = await mob.end(), after = rss();
ok(`while they do, ${customers} customers finish, the slowest within ${FINISH_MS / 1000} s`, took.every((ms) => ms < FINISH_MS), took.join(' '));
ok('the crowd was one: each client came back', count.begun > CLIENTS * 1.5, JSON.stringify(count));
ok('and most of it stood at the door', count.refused > count.answered, JSON.stringify(count));
ok(`memory is flat: VmRSS grew by less than ${GROWS_KB} KiB`, after - before < GROWS_KB, `${before} ${after}`);
const silent = crowd(40, 'silent');
await silent.begun();
const ms = await customer(fresh());
ok('forty who connect and say nothing: the customer finishes within a minute', ms < FINISH_MS, ms);
await silent.end();
await at.end();
finish();
const figures = { clients: CLIENTS, customers, ...count, rss_before_kb: before, rss_after_kb: after, silent_ms: ms, lost: crowded.lost };
for (const s of ['claim', 'fetch', 'ack']) { figures[`${s}_alone_ms`] = at99(alone[s]); figures[`${s}_crowd_ms`] = at99(crowded[s]); }
console.log(JSON.stringify(figures));
