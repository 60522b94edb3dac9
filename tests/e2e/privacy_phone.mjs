// A phone at a practice branch, for privacy.sh: URL FOLDER.  Writes what must
// be in no process of ours (`patterns`: the secret of the QR and its text, bytes of each
// file, in hexadecimal) and the digits; receives; tells the agent when GO is there.
import fs from 'node:fs';
import { Handset } from './browser/handset.mjs';

const [url, folder] = process.argv.slice(2);
const at = { address: '127.0.0.1', port: Number(new URL(url).port), ca: fs.readFileSync(`${folder}/../run/handoff/ca.pem`) };
const put = (name, text) => { fs.writeFileSync(`${folder}/.new`, text); fs.renameSync(`${folder}/.new`, `${folder}/${name}`); };
const until = async (what) => { while (!await what()) await new Promise((go) => setTimeout(go, 100)); };

const phone = await new Handset(at, url).ready();
if ((await phone.claim()).status !== 200) throw new Error('not claimed');
put('digits', phone.digits);
let got;
await until(async () => (got = await phone.fetch()).status !== 202);
const files = await phone.open(got.body);
put('patterns', [phone.S, Buffer.from(phone.S.toString('base64url')), ...files.map((f) => f.subarray(f.length >> 1, (f.length >> 1) + 32))].map((b) => b.toString('hex') + '\n').join(''));
put('received', `${files.length}`);
await until(() => fs.existsSync(`${folder}/go`));
if ((await phone.ack()).status !== 200) throw new Error('no receipt');
