// The page a phone opens, against a real dasi-handoff: every state, the bytes
// that arrive, what strangers see, how it reads and how it is used by keyboard.
// page.mjs DIR KIND, the kind of placement: local, relay
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { browser, finish, is, ok, phone, placement, until, violations } from './lib.mjs';

const dir = process.argv[2];
const easy = path.join(dir, 'npki-20270314.p12'), strong = path.join(dir, 'npki-20270314-strong.p12');
const shots = process.env.SHOTS;
const at = await placement(dir, process.argv[3], [easy, strong]);
const { owner, port, newUrl, address } = at;
const b = await browser(dir, address);

/* A stranger's GET from another address, without a browser. */
function get(path, localAddress) {
  return new Promise((resolve) => {
    const q = https.get({ host: address, port, path, localAddress: address === '127.0.0.1' ? localAddress : undefined, rejectUnauthorized: false, servername: 'h.hanbit.test', agent: false }, (r) => {
      r.resume();
      r.on('end', () => resolve({ status: r.statusCode, headers: r.headers }));
    });
    q.on('error', () => resolve({ status: 429, headers: {} })); /* turned away at the door */
  });
}
async function shot(page, name) { if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true }); }
const state = (page) => page.textContent('#state');
const axe = async (page, what) => { const v = await violations(page); ok(`axe finds nothing: ${what}`, v.length === 0, v.join('; ')); };
async function visit(url, more) {
  const c = await phone(b, more);
  const page = await c.newPage();
  page.on('pageerror', (e) => ok('no error in the page', false, e));
  await page.goto(url);
  return page;
}
async function start(page) {
  await page.click('#start');
  await until(async () => /^\d{6}$/.test((await page.textContent('#digits')) || ''));
  return page.textContent('#digits');
}

/* ---- a customer finishes ---- */
let url = await newUrl();
ok('the address fits the QR', url.replace(`:${port}`, '').length <= 84);
let page = await visit(url);
is('the secret leaves the address bar at once', new URL(page.url()).hash, '');
is('the page is Korean', await page.getAttribute('html', 'lang'), 'ko');
is('it has one heading', await page.locator('h1').count(), 1);
ok('the main button is at least 48 px high', (await page.locator('#start').boundingBox()).height >= 48);
await axe(page, 'before the start');
await shot(page, 'start');
await page.click('#language');
is('and English at a touch', await page.getAttribute('html', 'lang'), 'en');
await axe(page, 'in English');
await page.click('#language');
const digits = await start(page);
ok('six digits are shown', /^\d{6}$/.test(digits), digits);
is('the owner believed the claim', (await owner.said('claim')).claim, 'none');
is('the words say what is waited for', await state(page), '숫자 확인을 기다립니다.');
ok('the time that is left is shown', await until(async () => /남은 시간 1\d\d초/.test(await page.textContent('#clock'))), await page.textContent('#clock'));
await axe(page, 'digits');
await shot(page, 'digits');
owner.tell('digits 000000'.replace('000000', digits === '000000' ? '111111' : '000000'));
is('wrong digits are counted', (await owner.said('digits')).left, 2);
owner.tell(`digits ${digits}`);
is('the right ones are right', (await owner.said('digits')).digits, 'none');
ok('the files arrive', await until(async () => (await state(page)).startsWith('받았습니다')), await state(page));
await axe(page, 'files');
await shot(page, 'files');
ok('the name is masked', (await page.textContent('#facts')).includes('홍*동'));
ok('nothing was acknowledged before a finger asked for the file', !owner.lines.some((l) => 'ack' in l));
const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
is('the file has an ASCII name', download.suggestedFilename(), 'npki-20270314.p12');
ok('the file is the one that was sent, to the byte', fs.readFileSync(await download.path()).equals(fs.readFileSync(easy)));
is('the receipt is right', (await owner.said('ack')).state, 'done');
ok('the page says so', await until(async () => (await state(page)).startsWith('저장 완료')), await state(page));
const [again] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
ok('it can be saved again', fs.readFileSync(await again.path()).equals(fs.readFileSync(easy)));
const [hard] = await Promise.all([page.waitForEvent('download'), page.click('#strong')]);
ok('the strong one too', fs.readFileSync(await hard.path()).equals(fs.readFileSync(strong)));
const [ics] = await Promise.all([page.waitForEvent('download'), page.click('#calendar')]);
const calendar = fs.readFileSync(await ics.path(), 'utf8');
ok('the calendar file reminds a month before', /BEGIN:VEVENT[\s\S]*DTSTART;VALUE=DATE:2027021\d/.test(calendar), calendar);
await axe(page, 'done');
await shot(page, 'done');

/* ---- afterwards, and strangers ---- */
let other = await visit(url);
await other.click('#start');
ok('the same QR later is used', await until(async () => (await state(other)).startsWith('이미 사용한')), await state(other));
await axe(other, 'an end');
await shot(other, 'used');
other = await visit(`https://h.hanbit.test:${port}/d/ABCDEFGHIJKLMNOP`);
ok('without a secret it says scan again', (await state(other)).startsWith('열 수 없는'), await state(other));

owner.tell('open');
url = await newUrl();
const many = await Promise.all(Array.from({ length: 100 }, () => get(new URL(url).pathname, '127.0.0.2')));
ok('a hundred GETs of a stranger get the page or are asked to wait', many.every((r) => r.status === 200 || r.status === 429), many.map((r) => r.status));
page = await visit(url);
const mine = await start(page);
ok('a hundred GETs before consumed nothing', /^\d{6}$/.test(mine));
other = await visit(url);
await other.click('#start');
ok('a second phone is told another has it', await until(async () => (await state(other)).startsWith('다른 휴대폰')), await state(other));
await shot(other, 'elsewhere');
for (let i = 0; i < 3; i++) owner.tell(`digits ${mine === '123456' ? '654321' : '123456'}`);
ok('three wrong digits end it on the phone too', await until(async () => (await state(page)).startsWith('숫자가 세 번')), await state(page));

owner.tell('open');
url = await newUrl();
page = await visit(url);
await start(page);
owner.tell('close gone');
ok('ended at the kiosk is said', await until(async () => (await state(page)).startsWith('무인 창구에서 끝냈습니다')), await state(page));
owner.tell('open');
url = await newUrl();
page = await visit(url);
await start(page);
owner.tell('close expired');
ok('over time is said', await until(async () => (await state(page)).startsWith('시간이 지났습니다')), await state(page));

/* ---- without a mouse, large, in an app's browser, in the dark ---- */
owner.tell('open');
url = await newUrl();
page = await visit(url, { isMobile: false, hasTouch: false });
const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.tagName);
for (let i = 0; i < 4 && await focused() !== 'start'; i++) await page.keyboard.press('Tab');
is('the keyboard reaches the button', await focused(), 'start');
await page.keyboard.press('Enter');
await until(async () => /^\d{6}$/.test((await page.textContent('#digits')) || ''));
owner.tell(`digits ${await page.textContent('#digits')}`);
await until(async () => (await state(page)).startsWith('받았습니다'));
is('the file\'s button has the focus when it is there', await focused(), 'save');
const [byKey] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
ok('and works by Enter', fs.readFileSync(await byKey.path()).equals(fs.readFileSync(easy)));
await page.setViewportSize({ width: 195, height: 422 }); /* 200 % of 390 */
const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
ok('at 200 % nothing is cut off sideways', wide <= 0, wide);
await shot(page, 'zoom');
page = await visit(`https://h.hanbit.test:${port}/d/ABCDEFGHIJKLMNOP`, { userAgent: 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 KAKAOTALK 10.4' });
ok('an app\'s own browser is advised against', await page.isVisible('#inapp'));
page = await visit(`https://h.hanbit.test:${port}/d/ABCDEFGHIJKLMNOP`, { colorScheme: 'dark' });
await axe(page, 'in the dark');

/* ---- a phone whose clock is a year wrong ---- */
owner.tell('open');
url = await newUrl();
{
  const c = await phone(b);
  await c.addInitScript('{ const D = Date, skew = 366 * 86400e3; Date.now = ((now) => () => now() + skew)(D.now); }');
  page = await c.newPage();
  await page.goto(url);
  const shown = await start(page);
  ok('clock skew: the time left is the server\'s', await until(async () => /남은 시간 1[78]\d초/.test(await page.textContent('#clock'))), await page.textContent('#clock'));
  owner.tell(`digits ${shown}`);
  ok('clock skew: the files arrive', await until(async () => (await state(page)).startsWith('받았습니다')), await state(page));
}

/* ---- a phone in a lift ---- */
owner.tell('open');
url = await newUrl();
{
  const c = await phone(b);
  page = await c.newPage();
  await page.goto(url);
  const shown = await start(page);
  await page.evaluate(() => { window.said = []; new MutationObserver(() => window.said.push(document.getElementById('state').textContent)).observe(document.getElementById('state'), { childList: true }); });
  let failed = 0;
  page.on('requestfailed', () => { failed++; });
  await c.setOffline(true);
  ok('phone gone: the page says that it tries again', await until(async () => (await state(page)).startsWith('연결이 끊겼습니다')), await state(page));
  ok('again and again', await until(() => failed >= 3));
  is('once, not at every try', await page.evaluate(() => window.said.length), 1);
  await c.setOffline(false);
  ok('phone back: it goes on where it was', await until(async () => (await state(page)).startsWith('숫자 확인')), await state(page));
  owner.tell(`digits ${shown}`);
  ok('phone back: the files arrive', await until(async () => (await state(page)).startsWith('받았습니다')), await state(page));
}

/* ---- what is sent with the page ---- */
const h = (await get('/d/ABCDEFGHIJKLMNOP', '127.0.0.3')).headers;
is('no cache keeps it', h['cache-control'], 'no-store');
is('no address leaves with it', h['referrer-policy'], 'no-referrer');
ok('the policy names hashes only', /script-src 'sha256-[A-Za-z0-9+/]{43}='; style-src 'sha256-/.test(h['content-security-policy']) && !/unsafe/.test(h['content-security-policy']));
ok('no cookie is set', !('set-cookie' in h));

await b.close();
await at.end();
is('dasi-handoff ends well', at.server.p.exitCode, 0);
if (at.branch) is('and the branch\'s end of the relay', at.branch.p.exitCode, 0);
finish();
