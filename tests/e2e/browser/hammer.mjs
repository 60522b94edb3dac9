// A crowd: hammer.mjs PORT CLIENTS MOST [silent].  CLIENTS at once, from ten
// addresses, each again and again with what strangers send, MOST requests in
// all; "silent" ones connect and say nothing.  A line of JSON when all are at
// it, one with what they got on SIGTERM or at the end.
import net from 'node:net';
import tls from 'node:tls';
import { request } from './handset.mjs';

const port = Number(process.argv[2]), clients = Number(process.argv[3]), most = Number(process.argv[4]), silent = process.argv[5] === 'silent';
const texts = [request('GET', '/d/ABCDEFGHIJKLMNOP'), request('POST', '/d/ABCDEFGHIJKLMNOP/claim', '{"auth":"x"}'), request('GET', '/'), request('POST', '/d/ABCDEFGHIJKLMNOP/fetch', 'x'.repeat(3000))];
const count = { begun: 0, answered: 0, refused: 0 };
let over = false, busy = 0;

function once(i) {
  return new Promise((resolve) => {
    const from = `127.0.${silent ? 3 : 1}.${1 + i % 10}`;
    let got = false;
    const s = silent ? net.connect({ host: '127.0.0.1', port, localAddress: from }) : tls.connect({ host: '127.0.0.1', port, localAddress: from, servername: 'h.hanbit.test', rejectUnauthorized: false });
    s.setTimeout(20000, () => s.destroy());
    if (!silent) s.on('secureConnect', () => s.write(texts[count.begun % texts.length]));
    s.on('data', () => { got = true; });
    s.on('error', () => {});
    s.on('close', () => { count[got ? 'answered' : 'refused']++; resolve(); });
  });
}
async function client(i) {
  busy++;
  while (!over && count.begun < most) {
    count.begun++;
    await once(i);
    await new Promise((go) => setTimeout(go, 5)); /* as fast as a network would */
  }
  busy--;
}
const end = () => { console.log(JSON.stringify({ count })); process.exit(0); };
process.on('SIGTERM', end);
const all = Array.from({ length: clients }, (_, i) => client(i));
setTimeout(() => console.log(JSON.stringify({ clients: busy })), 50);
await Promise.all(all);
end();
