// A customer's phone at a real kiosk (kiosk.mjs URL DIR): Chromium opens what
// the QR says; writes DIR/digits, saves the files as DIR/compatible.p12 and
// DIR/strong.p12, says each state it reads.
import fs from 'node:fs';
import path from 'node:path';
import { browser, finish, is, ok, phone, until } from './lib.mjs';

const [url, dir] = process.argv.slice(2);
const b = await browser(dir), page = await (await phone(b)).newPage();
const state = () => page.textContent('#state');
const reads = async (words, ms = 30000) => ok(`the phone reads: ${words}`, await until(async () => (await state()).startsWith(words), ms), await state());
await page.goto(url);
await page.click('#start');
await reads('숫자 확인을 기다립니다');
fs.writeFileSync(path.join(dir, '.digits'), await page.textContent('#digits'));
fs.renameSync(path.join(dir, '.digits'), path.join(dir, 'digits'));
await reads('받았습니다', 60000);
ok('the page masks the name', /\*/.test(await page.textContent('#facts')), await page.textContent('#facts'));
const [easy] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
await easy.saveAs(path.join(dir, 'compatible.p12'));
ok('the file is named for its expiry', /^npki-20\d{6}\.p12$/.test(easy.suggestedFilename()), easy.suggestedFilename());
await reads('저장 완료');
const [hard] = await Promise.all([page.waitForEvent('download'), page.click('#strong')]);
await hard.saveAs(path.join(dir, 'strong.p12'));
is('and so is the other', hard.suggestedFilename(), easy.suggestedFilename().replace('.p12', '-strong.p12'));
await b.close();
finish();
