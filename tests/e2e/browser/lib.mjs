// What the browser tests share: TAP, Chromium at a phone's size, an owner of
// handoffs behind a real dasi-handoff.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';

const root = process.cwd();
const require = createRequire(path.join(root, 'build/browser/package.json'));
export const { chromium } = require('playwright-core');
export const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
export const BIN = process.env.BIN || path.join(root, 'build/debug');

let failed = false;
export function ok(what, good, detail = '') {
  console.log(`${good ? 'ok' : 'not ok'} - ${what}`);
  if (!good) { failed = true; if (detail !== '') console.log(`    # ${String(detail).slice(0, 600)}`); }
  return good;
}
export const is = (what, got, want) => ok(what, Object.is(got, want), `${JSON.stringify(got)} is not ${JSON.stringify(want)}`);
export function finish() { process.exitCode = failed ? 1 : 0; }

/* Polls until `test` is true; false at the limit. */
export async function until(test, ms = 10000) {
  const end = Date.now() + ms;
  for (;;) {
    if (await test()) return true;
    if (Date.now() > end) return false;
    await new Promise((r) => setTimeout(r, 50));
  }
}

/* What a test leaves behind when it fails or is timed out. */
const started = new Set();
process.on('exit', () => started.forEach((p) => { if (p.exitCode === null && p.signalCode === null) p.kill('SIGKILL'); }));
process.on('SIGTERM', () => process.exit(1));

/* A program whose stdout is lines of JSON; `said` finds one that has `key`. */
export function program(name, args, { ns, log } = {}) {
  const command = [path.join(BIN, name), ...args];
  if (ns) command.unshift('ip', 'netns', 'exec', ns);
  const p = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', log ? fs.openSync(log, 'a') : 'inherit'] });
  started.add(p);
  const lines = [];
  createInterface({ input: p.stdout }).on('line', (l) => {
    try { lines.push(JSON.parse(l)); } catch { lines.push({ text: l }); }
  });
  let seen = 0;
  return {
    p, lines,
    tell: (line) => p.stdin.write(line + '\n'),
    /* the next line with `key` that was not asked for yet */
    async said(key, ms = 10000) {
      let hit;
      await until(() => {
        const i = lines.findIndex((l, n) => n >= seen && key in l);
        if (i < 0) return false;
        hit = lines[i];
        seen = i + 1;
        return true;
      }, ms);
      return hit;
    },
    async end(signal = 'SIGTERM') {
      if (p.exitCode !== null || p.signalCode !== null) return;
      const gone = new Promise((r) => p.once('exit', r));
      p.kill(signal);
      await gone;
    },
  };
}

/*
 * An owner of handoffs with its server, by DIR/dasi.conf (kind "local"), or by
 * DIR/relay.conf and DIR/branch.conf (kind "relay"); DIR/ns.json may name
 * network namespaces {branch, office} and the address phones reach.
 */
export async function placement(dir, kind, files) {
  const ns = fs.existsSync(path.join(dir, 'ns.json')) ? JSON.parse(fs.readFileSync(path.join(dir, 'ns.json'), 'utf8')) : {};
  const log = path.join(dir, 'handoff.log');
  const at = { dir, kind, ns, address: ns.address || '127.0.0.1', log, ca: fs.readFileSync(path.join(dir, 'tls.pem')) };
  const handoff = (args, where) => program('dasi-handoff', args, { ns: where, log });
  at.startOwner = () => { at.owner = program('phone-owner', [path.join(dir, 'agent.sock'), ...files]); };
  at.startServer = async () => {
    at.server = kind === 'relay' ? handoff(['--relay', '--config', path.join(dir, 'relay.conf')], ns.office) : handoff(['--config', path.join(dir, 'dasi.conf')]);
    const said = await at.server.said('port');
    at.port = said.port;
    at.branches = said.branches;
    /* who is started again is found where it was */
    const conf = path.join(dir, kind === 'relay' ? 'relay.conf' : 'dasi.conf');
    fs.writeFileSync(conf, fs.readFileSync(conf, 'utf8').replace(/listen = "([^"]*):0"/, `listen = "$1:${at.port}"`).replace(/branches = "([^"]*):0"/, `branches = "$1:${at.branches}"`));
  };
  at.startBranch = () => {
    if (kind !== 'relay') return;
    const conf = path.join(dir, 'branch.conf');
    fs.writeFileSync(conf, fs.readFileSync(conf, 'utf8').replace('@BRANCHES@', at.branches));
    at.branch = handoff(['--config', conf], ns.branch);
  };
  at.newUrl = async () => {
    const got = await at.owner.said('url', 20000);
    return got && got.url.replace(/^https:\/\/[^/]+/, `https://h.hanbit.test:${at.port}`);
  };
  at.end = async () => {
    await at.owner.end();
    if (at.branch) await at.branch.end();
    await at.server.end();
  };
  at.startOwner();
  await at.startServer();
  at.startBranch();
  return at;
}

export async function browser(dir, address = '127.0.0.1') {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP *.test ' + address],
    downloadsPath: dir,
  });
}
export function phone(b, more = {}) {
  return b.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true,
    ignoreHTTPSErrors: true, acceptDownloads: true, locale: 'ko-KR', ...more });
}
/* What axe finds, as sentences. */
export async function violations(page) {
  // the page's policy lets no other script in: axe comes by the debugger
  await page.evaluate(axeSource);
  const r = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}
