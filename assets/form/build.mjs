// build.mjs PAGE ENCODER: the page in one file, on stdout: the encoder inlined
// with its licence lines, and a policy that lets only its own scripts and
// style run and nothing go out.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [page, encoder] = process.argv.slice(2).map((f) => readFileSync(f, 'utf8'));
const inlined = encoder.replace(/<\/script/gi, '<\\/script').trim();
if (!/Licensed under the MIT license/.test(inlined)) throw new Error('the encoder lost its licence');
const whole = page.replace('/*@encoder@*/', () => `\n${inlined}\n`);

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const parts = (tag) => [...whole.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map((m) => hash(m[1]));
const policy = [
  "default-src 'none'",
  `script-src ${parts('script').join(' ')}`,
  `style-src ${parts('style').join(' ')}`,
  "connect-src 'none'", "img-src 'none'", "base-uri 'none'", "form-action 'none'",
].join('; ');
if (parts('script').length !== 2 || parts('style').length !== 1) throw new Error('another page than was expected');
process.stdout.write(whole.replace('@policy@', () => policy));
