// A phone without a browser: the protocol of src/handoff/README.md, over TLS
// that it checks, step by step, so that tests can leave the path.
import tls from 'node:tls';
import { webcrypto } from 'node:crypto';

const { subtle } = webcrypto;
const url64 = (raw) => Buffer.from(raw).toString('base64url');
const label = (S, name) => subtle.importKey('raw', S, 'HKDF', false, ['deriveBits'])
  .then((k) => subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: Buffer.from('dasi-handoff-1 ' + name) }, k, 256));
async function hmac(key, ...parts) {
  const k = await subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return Buffer.from(await subtle.sign('HMAC', k, Buffer.concat(parts.map((p) => Buffer.from(p)))));
}

/*
 * `text` as it stands to the server; all that comes back until it closes.  Of
 * {at, from, ms}: which placement, from which of our addresses, how long.
 */
export function raw(at, text, { from, ms = 20000, parts } = {}) {
  return new Promise((resolve) => {
    const got = [], began = process.hrtime.bigint();
    const took = () => Number(process.hrtime.bigint() - began) / 1e6;
    const s = tls.connect({ host: at.address, port: at.port, servername: 'h.hanbit.test', localAddress: from, ca: at.ca });
    let timer, end = (error) => { clearTimeout(clock); clearInterval(timer); s.destroy(); resolve({ raw: Buffer.concat(got), error, ms: took() }); };
    const clock = setTimeout(() => end('no end'), ms);
    s.on('secureConnect', () => {
      if (parts === undefined) { s.write(text); return; }
      let i = 0; /* a byte every `parts` ms */
      timer = setInterval(() => { if (i < text.length) s.write(text[i++]); }, parts);
    });
    s.on('data', (d) => got.push(d));
    s.on('error', (e) => end(e.code || String(e)));
    s.on('close', () => end());
  });
}
export function parse(answer) {
  const text = answer.raw.toString('latin1'), gap = text.indexOf('\r\n\r\n');
  const status = Number((/^HTTP\/1\.1 (\d{3})/.exec(text) || [])[1] || 0);
  const head = Object.fromEntries(text.slice(0, gap).split('\r\n').slice(1).map((l) => [l.slice(0, l.indexOf(':')).toLowerCase(), l.slice(l.indexOf(':') + 2)]));
  const bytes = answer.raw.subarray(gap + 4);
  let body = {};
  try { body = JSON.parse(bytes.toString()); } catch { /* the page */ }
  return { ...answer, status, head, bytes, body };
}
export const request = (method, path, body = '', more = '') =>
  `${method} ${path} HTTP/1.1\r\nHost: h.hanbit.test\r\n${body === '' ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`}${more}\r\n${body}`;

export class Handset {
  constructor(at, url, from) {
    this.at = at; this.from = from;
    const u = new URL(url);
    this.path = u.pathname;
    this.id = u.pathname.split('/').pop();
    this.S = Buffer.from(u.hash.slice(1), 'base64url');
  }
  async ready() {
    this.pair = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
    this.point = Buffer.from(await subtle.exportKey('raw', this.pair.publicKey));
    this.auth = url64(await label(this.S, 'auth'));
    return this;
  }
  async send(what, body) { return parse(await raw(this.at, request('POST', `${this.path}/${what}`, JSON.stringify({ auth: this.auth, ...body })), { from: this.from })); }
  async get() { return parse(await raw(this.at, request('GET', this.path), { from: this.from })); }
  async claimBody() { return { key: url64(this.point), mac: url64(await hmac(await label(this.S, 'claim'), this.id, this.point)) }; }
  async claim() {
    const r = await this.send('claim', await this.claimBody());
    if (r.status === 200) this.digits = await this.digitsOf(Buffer.from(r.body.nonce, 'base64url'));
    return r;
  }
  async digitsOf(nonce) { return String((await hmac(await label(this.S, 'digits'), this.id, this.point, nonce)).readUInt32BE(0) % 1000000).padStart(6, '0'); }
  fetch() { return this.send('fetch', {}); }
  /* The files of a fetch's answer; throws when they are not for this phone. */
  async open(answer) {
    const ours = Buffer.from(answer.key, 'base64url');
    const agent = await subtle.importKey('raw', ours, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
    const shared = await subtle.deriveBits({ name: 'ECDH', public: agent }, this.pair.privateKey, 256);
    const key = await subtle.importKey('raw', await hmac(await label(this.S, 'wrap'), Buffer.from(shared), this.id, this.point, ours), 'AES-GCM', false, ['decrypt']);
    this.files = [];
    for (const f of answer.files) {
      const sealed = Buffer.from(f.data, 'base64url');
      this.files.push(Buffer.from(await subtle.decrypt({ name: 'AES-GCM', iv: sealed.subarray(0, 12), additionalData: Buffer.from(`${this.id}|${answer.expiry}|${f.name}`) }, key, sealed.subarray(12))));
    }
    return this.files;
  }
  async ack() {
    const sum = Buffer.from(await subtle.digest('SHA-256', Buffer.concat(this.files)));
    return this.send('ack', { mac: url64(await hmac(await label(this.S, 'ack'), this.id, sum)) });
  }
  /* As a page does: again until there is an answer. */
  async insist(step, done, ms = 30000) {
    const end = Date.now() + ms;
    for (;;) {
      const r = await step();
      if (done(r) || Date.now() > end) return r;
      await new Promise((go) => setTimeout(go, 200));
    }
  }
}
