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

/* A program whose stdout is lines of JSON; `said` finds one that has `key`. */
export function program(name, args) {
  const p = spawn(path.join(BIN, name), args, { stdio: ['pipe', 'pipe', 'inherit'] });
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
    async end() {
      if (p.exitCode !== null) return;
      const gone = new Promise((r) => p.once('exit', r));
      p.kill('SIGTERM');
      await gone;
    },
  };
}

export async function browser(dir) {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP *.test 127.0.0.1'],
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
