/*
 * prog/tool/words.c - see the header.
 */
#include "prog/tool/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/span.h"

struct sentence {
	const char *key;
	const char *en, *en_do;
	const char *ko, *ko_do;
};

/* clang-format off */
static const struct sentence sentences[WORD_COUNT] = {
	[W_CONFIG_GOOD] = { "config.good", "{1}", "", "{1}", "" },
	[W_CONFIG_BAD] = { "config.bad", "{1}",
	    "correct that line; dasi.conf explains every setting",
	    "{1}", "그 줄을 고치십시오. 설정마다 dasi.conf에 설명이 있습니다" },
	[W_FILES_GOOD] = { "files.good", "{1} files, written by their owners only", "",
	    "파일 {1}개, 주인만 쓸 수 있음", "" },
	[W_FILE_ABSENT] = { "files.absent", "{1} is missing",
	    "put it back from where it was issued, then start dasi-agent again",
	    "{1} 파일이 없습니다", "발급받은 곳에서 다시 받아 두고 dasi-agent를 다시 시작하십시오" },
	[W_FILE_OPEN] = { "files.open", "{1} can be changed by others (mode {2}, {3})",
	    "chmod go-w {1}", "{1} 파일을 다른 사용자가 바꿀 수 있습니다 (권한 {2}, {3})",
	    "chmod go-w {1}" },
	[W_FILE_SECRET] = { "files.secret", "{1} can be read by others (mode {2}, {3})",
	    "chmod go-rwx {1}; tell head office, it may have been copied",
	    "{1} 파일을 다른 사용자가 읽을 수 있습니다 (권한 {2}, {3})",
	    "chmod go-rwx {1} 후 본점에 알리십시오. 복사되었을 수 있습니다" },
	[W_AGENT_GOOD] = { "agent.good", "version {1}, serving for {2}", "",
	    "버전 {1}, {2} 동안 가동 중", "" },
	[W_AGENT_OTHER] = { "agent.version", "version {1} is running, {3} is installed",
	    "systemctl restart dasi-agent when nobody is at the screen",
	    "버전 {1}이(가) 가동 중이고 설치된 것은 {3}입니다",
	    "화면 앞에 손님이 없을 때 systemctl restart dasi-agent" },
	[W_AGENT_DOWN] = { "agent.down", "not running: nobody listens at {1}; read from the files instead",
	    "systemctl start dasi-agent; if it ends again: journalctl -u dasi-agent",
	    "가동 중이 아닙니다: {1}에 응답이 없어 파일에서 직접 읽었습니다",
	    "systemctl start dasi-agent, 다시 끝나면 journalctl -u dasi-agent" },
	[W_AGENT_REFUSES] = { "agent.refuses", "this user may not ask it ({1})",
	    "run as a member of the groups of `role tool` in dasi.conf",
	    "이 사용자는 물어볼 수 없습니다 ({1})",
	    "dasi.conf의 role tool에 적힌 그룹의 사용자로 실행하십시오" },
	[W_AGENT_SILENT] = { "agent.silent", "connected, but it does not answer ({1})",
	    "systemctl restart dasi-agent; keep journalctl -u dasi-agent for the maintainers",
	    "연결은 되지만 대답하지 않습니다 ({1})",
	    "systemctl restart dasi-agent, journalctl -u dasi-agent 기록을 보관하십시오" },
	[W_WATCHDOG_GOOD] = { "watchdog.good", "restarted when silent for {1} s", "",
	    "{1}초 동안 응답이 없으면 다시 시작됨", "" },
	[W_WATCHDOG_NONE] = { "watchdog.none", "nobody restarts it when it hangs",
	    "start it by its unit: systemctl enable --now dasi-agent",
	    "멈추어도 다시 시작해 줄 감시가 없습니다",
	    "유닛으로 시작하십시오: systemctl enable --now dasi-agent" },
	[W_DATABASE_GOOD] = { "database.good", "whole, schema {1}", "", "온전함, 스키마 {1}", "" },
	[W_DATABASE_NONE] = { "database.none", "{1}: {2}",
	    "if this branch has served before, restore its folder; never begin anew",
	    "{1}: {2}", "이 지점이 이미 업무를 했다면 폴더를 복구하십시오. 새로 만들지 마십시오" },
	[W_DATABASE_BAD] = { "database.bad", "damaged: {1}",
	    "stop dasi-agent, copy the folder, restore a backup or call head office; delete nothing",
	    "손상되었습니다: {1}",
	    "dasi-agent를 멈추고 폴더를 복사한 뒤 백업을 복구하거나 본점에 연락하십시오. 지우지 마십시오" },
	[W_DATABASE_NEWER] = { "database.newer", "schema {1}, but this dasi knows {2} at most",
	    "install the version that wrote it",
	    "스키마 {1}인데 이 dasi는 {2}까지만 압니다", "그것을 쓴 버전을 설치하십시오" },
	[W_DATABASE_BROKEN] = { "database.broken", "the disk failed to keep what was written",
	    "replace the disk; then restore the folder",
	    "디스크가 쓴 내용을 보관하지 못했습니다", "디스크를 바꾸고 폴더를 복구하십시오" },
	[W_DISK_GOOD] = { "disk.good", "{1} MB free, ballast laid", "",
	    "남은 공간 {1} MB, 예비 공간 있음", "" },
	[W_DISK_LITTLE] = { "disk.little", "only {1} MB free in {2}",
	    "free some space: below {3} MB the branch will stop taking applications",
	    "{2}에 남은 공간이 {1} MB뿐입니다",
	    "공간을 비우십시오. {3} MB 아래에서는 새 신청을 받지 못하게 됩니다" },
	[W_DISK_LOW] = { "disk.low", "{1} MB free in {2}, ballast {3}: only what is open can be finished",
	    "free space at once; new applications are refused until then",
	    "{2}에 남은 공간 {1} MB, 예비 공간 {3}: 진행 중인 신청만 끝낼 수 있습니다",
	    "바로 공간을 비우십시오. 그때까지 새 신청을 받지 않습니다" },
	[W_KEY_GOOD] = { "device_key.good", "{1}, mode {2}, {3}", "", "{1}, 권한 {2}, {3}", "" },
	[W_KEY_ABSENT] = { "device_key.absent", "{1} is missing",
	    "restore the sealed copy: without it no open case can be read",
	    "{1} 파일이 없습니다", "봉인해 둔 사본을 복구하십시오. 없으면 진행 중인 신청을 읽을 수 없습니다" },
	[W_KEY_MODE] = { "device_key.mode", "{1} can be used by others (mode {2})",
	    "chmod 0600 {1}; tell head office, it may have been copied",
	    "{1} 파일을 다른 사용자가 쓸 수 있습니다 (권한 {2})",
	    "chmod 0600 {1} 후 본점에 알리십시오. 복사되었을 수 있습니다" },
	[W_KEY_OWNER] = { "device_key.owner", "{1} belongs to {3}, not to the agent's user",
	    "chown dasi-agent: {1}", "{1} 파일의 주인이 에이전트가 아니라 {3}입니다",
	    "chown dasi-agent: {1}" },
	[W_KEY_SIZE] = { "device_key.size", "{1} is no device key ({2} bytes, 32 expected)",
	    "restore the sealed copy", "{1} 파일은 장치 키가 아닙니다 ({2}바이트, 32바이트여야 함)",
	    "봉인해 둔 사본을 복구하십시오" },
	[W_AUDIT_GOOD] = { "audit.good", "{1} rows, {2} of them signed; last checkpoint {3} ago{4}", "",
	    "기록 {1}건, 그중 {2}건 서명됨, 마지막 체크포인트 {3} 전{4}", "" },
	[W_AUDIT_YOUNG] = { "audit.young", "{1} rows, the first checkpoint is yet to come", "",
	    "기록 {1}건, 첫 체크포인트 전", "" },
	[W_AUDIT_UNSIGNED] = { "audit.unsigned", "{1} rows, only {2} signed, the newest row is {3} old",
	    "look at journalctl -u dasi-agent; run dasi audit verify",
	    "기록 {1}건 가운데 {2}건만 서명되었고, 마지막 기록은 {3} 전입니다",
	    "journalctl -u dasi-agent를 보고 dasi audit verify를 실행하십시오" },
	[W_AUDIT_BAD] = { "audit.bad", "the log does not hold together{1}: no new applications",
	    "run dasi audit verify, call head office, keep the file as it is",
	    "감사 기록이 서로 맞지 않습니다{1}. 새 신청을 받지 않습니다",
	    "dasi audit verify를 실행하고 본점에 연락하십시오. 파일은 그대로 두십시오" },
	[W_AUDIT_NONE] = { "audit.none", "the audit log cannot be read",
	    "run dasi audit verify; call head office",
	    "감사 기록을 읽을 수 없습니다", "dasi audit verify를 실행하고 본점에 연락하십시오" },
	[W_SHIP_GOOD] = { "ship.good", "{1} rows wait, the oldest for {2}; head office last heard {3} ago", "",
	    "대기 {1}건, 가장 오래된 것 {2}, 본점 응답 {3} 전", "" },
	[W_SHIP_OFF] = { "ship.off", "this branch ships nothing (section ship of dasi.conf)", "",
	    "이 지점은 본점으로 보내지 않습니다 (dasi.conf의 ship)", "" },
	[W_SHIP_NEVER] = { "ship.never", "{1} rows wait and head office has not answered since the start",
	    "systemctl status dasi-ship; check the line to head office",
	    "{1}건이 대기 중이고 시작한 뒤로 본점 응답이 없습니다",
	    "systemctl status dasi-ship, 본점 회선을 확인하십시오" },
	[W_SHIP_LATE] = { "ship.late", "{1} rows wait, the oldest for {2}; head office last heard {3} ago",
	    "systemctl status dasi-ship; check the line to head office",
	    "대기 {1}건, 가장 오래된 것 {2}, 본점 응답 {3} 전",
	    "systemctl status dasi-ship, 본점 회선을 확인하십시오" },
	[W_SHIP_TROUBLE] = { "ship.trouble", "head office holds another history ({1}): no new applications",
	    "call head office at once; change nothing in the folder of the database",
	    "본점의 기록이 이 지점과 다릅니다 ({1}). 새 신청을 받지 않습니다",
	    "바로 본점에 연락하십시오. 데이터베이스 폴더를 바꾸지 마십시오" },
	[W_OFFICE_GOOD] = { "head_office.good", "certificate valid until {1}", "",
	    "인증서 유효기간 {1}까지", "" },
	[W_OFFICE_SOON] = { "head_office.soon", "certificate expires on {1}, in {2} days",
	    "get the next one from head office, put it at {3}, restart dasi-agent",
	    "인증서가 {1}에 끝납니다 ({2}일 남음)",
	    "본점에서 새 인증서를 받아 {3}에 두고 dasi-agent를 다시 시작하십시오" },
	[W_OFFICE_EXPIRED] = { "head_office.expired", "certificate expired on {1}: no new applications",
	    "get the next one from head office, put it at {3}, restart dasi-agent",
	    "인증서가 {1}에 끝났습니다. 새 신청을 받지 않습니다",
	    "본점에서 새 인증서를 받아 {3}에 두고 dasi-agent를 다시 시작하십시오" },
	[W_OFFICE_BAD] = { "head_office.bad", "certificate {3} cannot be sealed to ({1})",
	    "get the right one from head office (P-256, or RSA from 2048 bits)",
	    "인증서 {3}(으)로 봉인할 수 없습니다 ({1})",
	    "본점에서 맞는 인증서를 받으십시오 (P-256 또는 2048비트 이상 RSA)" },
	[W_OFFICE_NONE] = { "head_office.none", "no certificate: nothing the law keeps would be kept",
	    "name it in section head_office of dasi.conf",
	    "인증서가 없어 법에서 보존하라는 것을 보존하지 못합니다",
	    "dasi.conf의 head_office에 적으십시오" },
	[W_CA_GOOD] = { "ca.good", "answers", "", "응답함", "" },
	[W_CA_DOWN] = { "ca.down", "does not answer: holds are tried until it does, issues wait",
	    "check the line and peers.cmp_url of dasi.conf; call the CA",
	    "응답이 없습니다. 효력정지는 될 때까지 다시 시도하고 발급은 기다립니다",
	    "회선과 dasi.conf의 peers.cmp_url을 확인하고 인증기관에 연락하십시오" },
	[W_REGISTRY_GOOD] = { "registry.good", "answers", "", "응답함", "" },
	[W_REGISTRY_DOWN] = { "registry.down", "does not answer: nobody can be identified",
	    "check the line and peers.registry_url of dasi.conf",
	    "응답이 없습니다. 본인 확인을 할 수 없습니다",
	    "회선과 dasi.conf의 peers.registry_url을 확인하십시오" },
	[W_NET_GONE] = { "net.gone", "unknown: dasi-net is not connected",
	    "systemctl start dasi-net; journalctl -u dasi-net",
	    "알 수 없습니다: dasi-net이 연결되어 있지 않습니다",
	    "systemctl start dasi-net, journalctl -u dasi-net" },
	[W_MEDIA_GOOD] = { "media.good", "ready for sticks", "", "USB 저장 준비됨", "" },
	[W_MEDIA_GONE] = { "media.gone", "dasi-media is not connected: nothing can be saved",
	    "systemctl start dasi-media; journalctl -u dasi-media",
	    "dasi-media가 연결되어 있지 않아 USB에 저장할 수 없습니다",
	    "systemctl start dasi-media, journalctl -u dasi-media" },
	[W_PRINTER_GOOD] = { "printer.good", "has paper", "", "용지 있음", "" },
	[W_PRINTER_NONE] = { "printer.none", "this branch prints no slips (section print of dasi.conf)", "",
	    "이 지점은 접수증을 인쇄하지 않습니다 (dasi.conf의 print)", "" },
	[W_PRINTER_LOW] = { "printer.low", "paper runs out soon",
	    "put in a new roll before the next customer",
	    "용지가 곧 떨어집니다", "다음 손님 전에 새 용지를 넣으십시오" },
	[W_PRINTER_OUT] = { "printer.out", "no paper: customers are told so before they pay",
	    "put in a new roll; reprint by number at the counter",
	    "용지가 없습니다. 손님은 납부 전에 안내를 받습니다",
	    "새 용지를 넣고 창구에서 접수번호로 다시 인쇄하십시오" },
	[W_PRINTER_DOWN] = { "printer.down", "does not answer",
	    "look at the printer and its cable; journalctl -u dasi-print",
	    "응답이 없습니다", "프린터와 선을 확인하고 journalctl -u dasi-print를 보십시오" },
	[W_CARD_GOOD] = { "card.good", "answers", "", "응답함", "" },
	[W_CARD_NONE] = { "card.none", "this branch takes no cards (section pay of dasi.conf)", "",
	    "이 지점은 카드를 받지 않습니다 (dasi.conf의 pay)", "" },
	[W_CARD_DOWN] = { "card.down", "does not answer: fees are taken at the counter",
	    "look at the terminal, its cable and pay.url of dasi.conf",
	    "응답이 없습니다. 수수료는 창구에서 받습니다",
	    "단말기와 선, dasi.conf의 pay.url을 확인하십시오" },
	[W_PHONE_GOOD] = { "phone_cert.good", "certificate valid until {1}", "",
	    "인증서 유효기간 {1}까지", "" },
	[W_PHONE_NONE] = { "phone.none", "this branch sends nothing to phones (section handoff of dasi.conf)", "",
	    "이 지점은 휴대폰으로 보내지 않습니다 (dasi.conf의 handoff)", "" },
	[W_PHONE_SOON] = { "phone_cert.soon", "certificate expires on {1}, in {2} days",
	    "put the next one at {3} and its key beside it, restart dasi-handoff",
	    "인증서가 {1}에 끝납니다 ({2}일 남음)",
	    "새 인증서를 {3}에, 그 키를 옆에 두고 dasi-handoff를 다시 시작하십시오" },
	[W_PHONE_EXPIRED] = { "phone_cert.expired", "certificate expired on {1}: phones cannot be used",
	    "put the next one at {2} and its key beside it, restart dasi-handoff",
	    "인증서가 {1}에 끝났습니다. 휴대폰으로 보낼 수 없습니다",
	    "새 인증서를 {2}에, 그 키를 옆에 두고 dasi-handoff를 다시 시작하십시오" },
	[W_PHONE_UNREAD] = { "phone_cert.unread", "certificate {2} cannot be read ({1}): phones cannot be used",
	    "put the PEM chain there, readable for all (0444), restart dasi-handoff",
	    "인증서 {2}을(를) 읽을 수 없습니다 ({1}). 휴대폰으로 보낼 수 없습니다",
	    "PEM 인증서를 거기에 두고(0444) dasi-handoff를 다시 시작하십시오" },
	[W_PHONE_KEY_BAD] = { "phone_cert.key_bad", "there is no usable key for certificate {1}: phones cannot be used",
	    "put its key at handoff.key of dasi.conf (PEM, 0400, dasi-handoff)",
	    "인증서 {1}의 키를 쓸 수 없습니다. 휴대폰으로 보낼 수 없습니다",
	    "dasi.conf의 handoff.key 자리에 키를 두십시오 (PEM, 0400, dasi-handoff)" },
	[W_PHONE_KEY_OTHER] = { "phone_cert.key_other", "certificate {1} and its key are not of one pair: phones cannot be used",
	    "put certificate and key of one pair at handoff.cert and handoff.key of dasi.conf",
	    "인증서 {1}와(과) 키가 서로 맞지 않습니다. 휴대폰으로 보낼 수 없습니다",
	    "dasi.conf의 handoff.cert와 handoff.key에 한 쌍을 두십시오" },
	[W_RELAY_GOOD] = { "relay.good", "{1} answers", "", "{1} 응답함", "" },
	[W_RELAY_NONE] = { "relay.none", "this branch needs no relay (handoff.placement of dasi.conf)", "",
	    "이 지점은 중계 서버를 쓰지 않습니다 (dasi.conf의 handoff.placement)", "" },
	[W_RELAY_DOWN] = { "relay.down", "{1} does not answer ({2}): phones cannot be used",
	    "check the line to head office and handoff.relay of dasi.conf",
	    "{1} 응답이 없습니다 ({2}). 휴대폰으로 보낼 수 없습니다",
	    "본점 회선과 dasi.conf의 handoff.relay를 확인하십시오" },
	[W_CLOCK_GOOD] = { "clock.good", "{1}, {2}", "", "{1}, {2}", "" },
	[W_CLOCK_YEAR] = { "clock.year", "{1} cannot be right",
	    "set the clock; certificates are judged by it",
	    "{1}, 맞을 수 없는 시각입니다", "시계를 맞추십시오. 인증서 유효기간을 이 시계로 봅니다" },
	[W_CLOCK_BACK] = { "clock.back", "{1} is before the newest audit row ({2})",
	    "set the clock; certificates are judged by it",
	    "{1}, 마지막 감사 기록({2})보다 이릅니다", "시계를 맞추십시오. 인증서 유효기간을 이 시계로 봅니다" },
	[W_CLOCK_FREE] = { "clock.free", "{1}, not synchronised",
	    "install or start a time daemon: systemctl enable --now systemd-timesyncd",
	    "{1}, 시각 동기화되지 않음",
	    "시각 동기화를 켜십시오: systemctl enable --now systemd-timesyncd" },
	[W_CASES_GOOD] = { "cases.good", "{1} open{3}, {2} ended", "", "진행 중 {1}건{3}, 종료 {2}건", "" },
	[W_INTENTS_GOOD] = { "intents.good", "{1} under way", "", "진행 중 {1}건", "" },
	[W_INTENTS_OLD] = { "intents.old", "{1} begun and not ended, the oldest {2} ago: {3} of case {4}",
	    "dasi case show {4}", "시작하고 끝나지 않은 일 {1}건, 가장 오래된 것 {2} 전: {4}의 {3}",
	    "dasi case show {4}" },
	[W_HOLDS_GOOD] = { "holds.good", "{1} wait for the CA", "", "인증기관 대기 {1}건", "" },
	[W_HOLDS_OLD] = { "holds.old", "{1} reported losses are not on hold at the CA, the oldest for {2}",
	    "ask the CA to put them on hold: dasi case list --open",
	    "분실신고 {1}건이 아직 효력정지되지 않았습니다, 가장 오래된 것 {2}",
	    "인증기관에 효력정지를 요청하십시오: dasi case list --open" },
	[W_SPOOL_GOOD] = { "spool.good", "{1} sealed keys of open cases", "",
	    "진행 중인 신청의 봉인된 키 {1}건", "" },
	[W_SPOOL_OLD] = { "spool.old", "{1} open cases keep a sealed key, the oldest for {2}",
	    "call the customer or cancel: dasi case list --open",
	    "신청 {1}건에 봉인된 키가 남아 있습니다, 가장 오래된 것 {2}",
	    "손님께 연락하거나 취소하십시오: dasi case list --open" },
	[W_SPOOL_LEFT] = { "spool.left", "{1} ended cases still have their key",
	    "call the maintainers: what must be destroyed was not",
	    "종료된 신청 {1}건의 키가 남아 있습니다",
	    "유지보수 담당에게 연락하십시오. 파기되어야 할 것이 남았습니다" },
	[W_TERMINAL_GOOD] = { "terminal.good", "{1}, {2}", "", "{1}, {2}", "" },
	[W_TERMINAL_BYTES] = { "terminal.bytes", "{1}, {2}: Korean text cannot be shown",
	    "log in with a UTF-8 locale, e.g. LANG=C.UTF-8",
	    "{1}, {2}: 한글을 보일 수 없습니다", "LANG=C.UTF-8 같은 UTF-8 로캘로 접속하십시오" },
	[W_PRACTICE] = { "practice", "not needed for practice", "", "연습 지점에는 필요하지 않음", "" },
	[W_UNKNOWN] = { "unknown", "not known: {1}", "", "알 수 없음: {1}", "" },
	[W_SUM] = { "sum", "{1} good, {2} warnings, {3} failures, {4} skipped", "",
	    "정상 {1}, 주의 {2}, 이상 {3}, 생략 {4}", "" },
	[W_IS_OK] = { "ok", "ok  ", "", "정상", "" },
	[W_IS_WARN] = { "warn", "warn", "", "주의", "" },
	[W_IS_FAIL] = { "fail", "FAIL", "", "이상", "" },
	[W_IS_SKIP] = { "skip", "skip", "", "생략", "" },
};
/* clang-format on */

bool
words_korean(void)
{
	static const char *const names[] = { "LANGUAGE", "LC_ALL",
		"LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		if (value != NULL && value[0] != '\0')
			return strncmp(value, "ko", 2) == 0;
	}
	return false;
}

static void
fill(char out[static WORD_TEXT], const char *text,
    const char *const args[static WORD_ARGS])
{
	struct buf b = buf_make(out, WORD_TEXT - 1);

	for (; *text != '\0'; text++) {
		if (text[0] == '{' && text[1] >= '1' &&
		    text[1] < '1' + WORD_ARGS && text[2] == '}') {
			const char *arg = args[text[1] - '1'];
			buf_add_str(&b, arg == NULL ? "" : arg);
			text += 2;
		} else {
			buf_add(&b, text, 1);
		}
	}
	out[b.n] = '\0';
}

void
words_what(char out[static WORD_TEXT], enum word w, bool korean,
    const char *const args[static WORD_ARGS])
{
	fill(out, korean ? sentences[w].ko : sentences[w].en, args);
}

void
words_do(char out[static WORD_TEXT], enum word w, bool korean,
    const char *const args[static WORD_ARGS])
{
	fill(out, korean ? sentences[w].ko_do : sentences[w].en_do, args);
}

const char *
words_key(enum word w)
{
	return sentences[w].key;
}
