// The form for home (build/form.html) in Chromium at a phone's size: what it
// takes and refuses, that nothing leaves it, how it reads and how it is used
// by keyboard.  Leaves pictures of its QR codes in DIR for the kiosk.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { browser, finish, is, ok, phone, until, violations } from './lib.mjs';

const [dir, name] = process.argv.slice(2);
const url = pathToFileURL('build/form.html').href;
const shots = process.env.SHOTS;
const b = await browser(dir);
const out = []; /* requests to anywhere */

async function visit(more, now) {
  const page = await (await phone(b, more)).newPage();
  page.on('pageerror', (e) => ok('no error in the page', false, e));
  page.on('request', (r) => { if (r.url() !== url) out.push(r.url()); });
  if (now) await page.clock.install({ time: now });
  await page.goto(url);
  return page;
}
async function shot(page, what) { if (shots) await page.screenshot({ path: path.join(shots, `form-${what}.png`), fullPage: true }); }
const axe = async (page, what) => { const v = await violations(page); ok(`axe finds nothing: ${what}`, v.length === 0, v.join('; ')); };
const wrong = (page, id) => page.textContent(`#${id}-wrong`);
const pick = (page, group, value) => page.check(`input[name=${group}][value="${value}"]`);
async function fill(page) {
  await page.fill('#name', name);
  await page.fill('#phone', '010-1234-0001');
  await page.fill('#email', 'sol@example.com');
  await pick(page, 'loss', 1);
  await page.fill('#when', '어제 저녁 7시');
  await page.fill('#place', '역삼역 2번 출구');
  await page.fill('#detail', '가방째 잃어버렸습니다');
  await pick(page, 'medium', 0);
  await pick(page, 'misuse', 0);
  await page.check('#p12');
}
const make = (page) => page.click('button[type=submit]');
const modules = (page) => page.getAttribute('#code path', 'd');
async function picture(page, file) {
  await page.locator('#code svg').screenshot({ path: path.join(dir, file) });
}
const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/* ---- filled in ---- */
let page = await visit();
is('the page is Korean', await page.getAttribute('html', 'lang'), 'ko');
is('it has one heading', await page.locator('h1').count(), 1);
await axe(page, 'the empty form');
await shot(page, 'empty');
const low = await page.evaluate(() => [...document.querySelectorAll('button, .pick, input:not([type=radio]):not([type=checkbox])')]
  .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 48).map((e) => e.outerHTML));
is('everything to touch is at least 48 px high', low.length, 0);
is('no resident number and no password is asked for', await page.locator('input[type=password], [autocomplete*=password]').count(), 0);
await fill(page);
ok('it counts what still fits', /앞으로 한글로 약 \d+자/.test(await page.textContent('#room')), await page.textContent('#room'));
await make(page);
ok('the code is shown', await page.isVisible('#code svg'));
is('the heading has the focus', await page.evaluate(() => document.activeElement.id), 'shown-title');
ok('and says not to print it', (await page.textContent('.big')).includes('인쇄하지 마시고'));
await axe(page, 'the code');
await shot(page, 'code');
await picture(page, 'whole.png');
const box = await page.locator('#code').boundingBox();
ok('it is as wide as the phone', box.width > 370, box.width);
is('and bright', await page.evaluate(() => getComputedStyle(document.getElementById('code')).backgroundColor), 'rgb(255, 255, 255)');
await page.emulateMedia({ media: 'print' });
ok('on paper there is no code', !(await page.isVisible('#code')) && await page.isVisible('#paper'));
await page.emulateMedia({ media: 'screen' });
await page.click('#edit');
is('what was filled in is still there', await page.inputValue('#place'), '역삼역 2번 출구');
await page.click('#language');
is('English at a touch', await page.getAttribute('html', 'lang'), 'en');
await axe(page, 'in English');
await make(page);
await axe(page, 'the code in English');
await page.click('#clear');
is('cleared is cleared', await page.inputValue('#name'), '');

/* ---- only a report, and nothing but what is said ---- */
page = await visit();
await pick(page, 'purpose', 1);
ok('a report asks for no contact and no file', !(await page.isVisible('#phone')) && !(await page.isVisible('#p12')));
await make(page);
await picture(page, 'report.png');

/* ---- refused ---- */
page = await visit();
await page.fill('#detail', '번호는 900101-1234567 입니다');
await make(page);
ok('a resident number is refused', (await wrong(page, 'detail')).includes('긴 번호'), await wrong(page, 'detail'));
is('the field has the focus', await page.evaluate(() => document.activeElement.id), 'detail');
ok('there is no code', !(await page.isVisible('#code')));
await axe(page, 'an error');
await shot(page, 'error');
await page.fill('#detail', '');
is('corrected, the sentence goes', await wrong(page, 'detail'), '');
for (const [id, text] of [['phone', '02-1234-5678'], ['phone', '0101'], ['email', 'sol@'], ['detail', '가'.repeat(43)]]) {
  await page.fill(`#${id}`, text);
  await make(page);
  ok(`not taken: ${id} ${text.slice(0, 12)}`, (await wrong(page, id)) !== '' && !(await page.isVisible('#code')));
  await page.fill(`#${id}`, '');
}
for (const id of ['when', 'place', 'detail']) await page.fill(`#${id}`, '가'.repeat(28));
await make(page);
ok('more than fits is refused', (await page.textContent('#full')) !== '' && !(await page.isVisible('#code')), await page.textContent('#room'));
await shot(page, 'full');
/* to the brim */
await page.fill('#detail', '');
for (let room = /약 (\d+)자 더/.exec(await page.textContent('#room')); room && Number(room[1]) > 0; room = /약 (\d+)자 더/.exec(await page.textContent('#room'))) {
  const at = await page.inputValue('#detail');
  if (at.length >= 42) break;
  await page.fill('#detail', at + '나'.repeat(Math.min(Number(room[1]), 42 - at.length)));
}
await make(page);
ok('what just fits is taken', await page.isVisible('#code'), await page.textContent('#room'));
await picture(page, 'full.png');

/* ---- time ---- */
page = await visit({}, new Date(Date.now() - 11 * 60000));
await fill(page);
await make(page);
await picture(page, 'stale.png');
const first = await modules(page), madeFirst = await page.textContent('#made');
await page.clock.runFor(61000);
ok('it renews itself while it is shown', await modules(page) !== first && await page.textContent('#made') !== madeFirst);

/* ---- nothing leaves ---- */
const sent = await page.evaluate(() => fetch('http://127.0.0.1:9/').then(() => 'sent', (e) => String(e)));
ok('the policy lets nothing out', /TypeError/.test(sent), sent);
ok('it asked for nothing but itself', out.filter((u) => !u.startsWith('http://127.0.0.1:9/')).length === 0, out.join(' '));
is('it keeps nothing', await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
const text = fs.readFileSync('build/form.html', 'utf8');
ok('the policy names hashes only', /script-src 'sha256-/.test(text) && !/unsafe-/.test(text));
ok('the encoder keeps its licence', /Copyright \(c\) 2009 Kazuhiko Arase/.test(text));

/* ---- without a mouse, large, in the dark ---- */
page = await visit({ isMobile: false, hasTouch: false });
const at = () => page.evaluate(() => document.activeElement.id || document.activeElement.name || document.activeElement.type);
async function tabTo(id) {
  for (let i = 0; i < 40 && await at() !== id; i++) await page.keyboard.press('Tab');
  return at();
}
is('the keyboard reaches the name', await tabTo('name'), 'name');
await page.keyboard.type('Sol Namu');
is('and a choice', await tabTo('loss'), 'loss');
await page.keyboard.press('Space');
is('and the button', await tabTo('submit'), 'submit');
await page.keyboard.press('Enter');
ok('which makes the code', await until(() => page.isVisible('#code svg')));
is('the keyboard reaches what is next', await tabTo('edit'), 'edit');
await page.setViewportSize({ width: 195, height: 422 }); /* 200 % of 390 */
ok('at 200 % the code is not cut off', await sideways(page) <= 0, await sideways(page));
await page.keyboard.press('Enter');
ok('nor the form', await sideways(page) <= 0, await sideways(page));
await shot(page, 'zoom');
page = await visit({ colorScheme: 'dark' });
await axe(page, 'in the dark');
await make(page);
is('the code stays on white', await page.evaluate(() => getComputedStyle(document.getElementById('code')).backgroundColor), 'rgb(255, 255, 255)');
await axe(page, 'the code in the dark');

await b.close();
finish();
