/*
 * paper/words.c - the table.  Korean in 합니다체, terms of the glossary
 * (facts/domain.md section 6); no letters a Korean printer may lack.
 */
#include "paper/words.h"

#include <stdio.h>
#include <string.h>

enum { KEY_MOST = 64 };

struct word {
	const char *key;
	const char *text[PAPER_LANG_COUNT];
};

/* clang-format off */
static const struct word words[] = {
	/* ---- titles ---- */
	{ "title.receipt", { "접수증", "Receipt of application" } },
	{ "title.loss", { "분실신고 접수증", "Loss report receipt" } },
	{ "title.fee", { "영수증", "Payment receipt" } },
	{ "title.checklist", { "새 인증서 확인표", "New certificate checklist" } },
	{ "title.guide", { "등록 안내", "Issue guide" } },
	{ "title.ticket", { "이어하기 표", "Resume ticket" } },
	{ "title.refund", { "환불 확인증", "Refund receipt" } },
	{ "title.application", { "공동인증서 재발급 신청서", "Application for reissue of a joint certificate" } },
	{ "title.loss_report", { "공동인증서 분실신고서", "Loss report of a joint certificate" } },
	{ "title.day", { "일일 마감 보고서", "Day-end report" } },
	{ "mark.copy", { "[ 재출력 ]", "[ COPY ]" } },
	{ "mark.practice", { "연습용 - 효력이 없습니다", "PRACTICE - NOT VALID" } },

	/* ---- labels ---- */
	{ "label.case_no", { "접수번호", "Receipt no." } },
	{ "label.loss_no", { "신고번호", "Report no." } },
	{ "label.holder", { "성명", "Name" } },
	{ "label.number", { "실명번호", "ID number" } },
	{ "label.product", { "인증서", "Certificate" } },
	{ "label.issuer", { "발급기관", "Issuing CA" } },
	{ "label.serial", { "일련번호", "Serial no." } },
	{ "label.state", { "처리 상태", "Status" } },
	{ "label.promise", { "처리 예정일", "Promised by" } },
	{ "label.until", { "만료일", "Valid until" } },
	{ "label.reported_at", { "신고 일시", "Reported at" } },
	{ "label.held_at", { "정지 일시", "Suspended at" } },
	{ "label.hold", { "정지 상태", "Suspension" } },
	{ "label.won", { "합계", "Total" } },
	{ "label.net", { "공급가액", "Net" } },
	{ "label.vat", { "부가세", "VAT" } },
	{ "label.method", { "결제 수단", "Paid by" } },
	{ "label.paid_at", { "결제 일시", "Paid at" } },
	{ "label.refund_at", { "환불 일시", "Refunded at" } },
	{ "label.approval", { "승인번호", "Approval no." } },
	{ "label.card", { "카드", "Card" } },
	{ "label.bank_receipt", { "창구 영수번호", "Counter no." } },
	{ "label.item", { "내용", "For" } },
	{ "label.waiver", { "면제 사유", "Waived" } },
	{ "label.seller", { "공급자", "Supplier" } },
	{ "label.business_no", { "사업자번호", "Business no." } },
	{ "label.representative", { "대표자", "President" } },
	{ "label.address", { "주소", "Address" } },
	{ "label.phone", { "전화", "Phone" } },
	{ "label.printed_at", { "출력 일시", "Printed at" } },
	{ "label.refnum", { "참조번호", "Reference no." } },
	{ "label.guide_until", { "사용 기한", "Use before" } },
	{ "label.sent_to", { "인가코드", "Auth. code" } },
	{ "label.site", { "발급 사이트", "Web site" } },
	{ "label.mobile", { "휴대전화", "Mobile" } },
	{ "label.email", { "이메일", "E-mail" } },
	{ "label.kind", { "신고 사유", "Kind of loss" } },
	{ "label.reason", { "재발급 사유", "Reason" } },
	{ "label.when", { "분실 일시", "When" } },
	{ "label.place", { "분실 장소", "Where" } },
	{ "label.detail", { "분실 경위", "Circumstances" } },
	{ "label.medium", { "저장매체", "Storage medium" } },
	{ "label.misuse", { "부정 사용 의심", "Suspected misuse" } },
	{ "label.measure", { "조치 내용", "Measure taken" } },
	{ "label.delivery", { "수령 방법", "Delivery" } },
	{ "label.fee", { "수수료", "Fee" } },
	{ "label.applied_at", { "신청 일시", "Applied at" } },
	{ "label.identified", { "본인 확인", "Identity check" } },
	{ "label.terminal", { "접수 단말", "Terminal" } },
	{ "label.clerk", { "담당", "Clerk" } },
	{ "label.supervisor", { "책임자 승인", "Supervisor" } },
	{ "label.applicant", { "신청인", "Applicant" } },
	{ "label.reporter", { "신고인", "Reporter" } },
	{ "label.date", { "기준일", "Date" } },

	/* ---- slips ---- */
	{ "receipt.received", { "신청을 접수했습니다.", "We have received your application." } },
	{ "receipt.done", { "새 인증서를 저장해 드렸습니다.", "Your new certificate has been saved." } },
	{ "receipt.reported", { "분실신고를 접수했습니다.", "We have received your loss report." } },
	{ "receipt.held", { "이전 인증서를 정지했습니다.", "The old certificate is suspended." } },
	{ "receipt.revoked", { "이전 인증서를 폐지했습니다.", "The old certificate is revoked." } },
	{ "receipt.revoking", { "이전 인증서를 폐지하고 있습니다.", "The old certificate is being revoked." } },
	{ "receipt.ended", { "신청이 끝났습니다.", "This application is closed." } },
	{ "receipt.found", { "정지를 풀어 드렸습니다.", "The suspension has been lifted." } },
	{ "ask.status", { "처리 상태는 무인 창구의 '처리 상태 조회'에서 접수번호와 신분증으로 확인하실 수 있습니다. 창구에서도 여쭈실 수 있습니다.",
	    "See the status at any kiosk of this branch under 'Check status' with this number and your ID, or ask at the counter." } },
	{ "ask.phone", { "문의 {1}", "Questions: {1}" } },
	{ "never.password", { "직원이 인증서 암호를 여쭙는 일은 없습니다.", "Our staff never ask for your certificate password." } },
	{ "hold.none", { "정지하지 않음", "not suspended" } },
	{ "hold.pending", { "정지 요청 중", "being suspended" } },
	{ "hold.confirmed", { "정지됨", "suspended" } },
	{ "loss.pending", { "정지를 요청하고 있습니다. 발급기관이 확인할 때까지 계속 요청합니다.",
	    "We are asking the CA to suspend it and repeat this until the CA has confirmed." } },
	{ "loss.confirmed", { "다른 사람이 이 인증서를 사용할 수 없습니다.", "Nobody else can use this certificate now." } },
	{ "loss.found", { "찾으시면 신분증을 가지고 창구로 오십시오. 정지 후 6개월 안에, 만료되기 전에 되살릴 수 있습니다.",
	    "If you find it, come to the counter with your ID: it can be restored within 6 months and before it expires." } },
	{ "loss.misuse", { "부정 사용이 의심되면 바로 거래 은행과 경찰(112)에 알려 주십시오.",
	    "If you suspect misuse, tell your banks and the police (112) at once." } },
	{ "fee.item", { "공동인증서 발급 수수료", "Joint certificate fee" } },
	{ "fee.free", { "무료", "free" } },
	{ "fee.refund", { "결제하신 금액을 모두 돌려드렸습니다.", "The whole amount has been refunded." } },
	{ "fee.refund_card", { "카드 대금은 카드사에 따라 3-7영업일 안에 취소됩니다.",
	    "A card refund shows within 3 to 7 business days." } },
	{ "fee.keep", { "카드 결제 취소나 환불에는 이 영수증이 필요합니다.", "Please keep this receipt: it is needed for a refund." } },
	{ "method.card", { "신용/체크카드", "Card" } },
	{ "method.cash", { "현금 (창구)", "Cash (counter)" } },
	{ "method.account", { "계좌이체 (창구)", "Account (counter)" } },
	{ "method.waived", { "면제", "Waived" } },
	{ "ticket.kept", { "신청하신 내용은 그대로 있습니다. 수수료를 다시 받지 않습니다.", "Your application is kept. You will not be charged again." } },
	{ "ticket.how", { "이 지점의 무인 창구나 창구에서 접수번호를 입력하고 이어서 하십시오.", "Enter this number at any kiosk or counter of this branch to go on." } },
	{ "ticket.bring", { "가져오실 것: 신분증, 저장할 USB", "Bring: your ID and a USB stick" } },
	{ "ticket.until", { "{1}까지 이어서 하실 수 있습니다.", "You can go on until {1}." } },
	{ "guide.how1", { "1. 아래 사이트에서 '인증서 발급'을 고르십시오.", "1. Choose 'Issue a certificate' at the site below." } },
	{ "guide.how2", { "2. 이 종이의 참조번호를 입력하십시오.", "2. Enter the reference number on this paper." } },
	{ "guide.how3", { "3. 따로 보내 드린 인가코드를 입력하십시오.", "3. Enter the authorisation code sent to you separately." } },
	{ "guide.split", { "인가코드는 이 종이에 적지 마십시오. 두 번호가 함께 있으면 다른 사람이 발급받을 수 있습니다.",
	    "Do not write the authorisation code on this paper: whoever has both can get the certificate." } },
	{ "guide.once", { "한 번만 사용하실 수 있습니다. 기한이 지나면 창구에서 다시 받으셔야 합니다.",
	    "It works once. After the date ask for a new one at the counter." } },
	{ "guide.sms", { "{1} 문자로 보냄", "by text to {1}" } },
	{ "guide.mail", { "{1} 메일로 보냄", "by e-mail to {1}" } },

	/* ---- the checklist: what is left to do (R47-R60) ---- */
	{ "check.register", { "다시 등록하실 곳", "Register it again with" } },
	{ "check.why", { "이전 인증서를 등록해 두신 곳에서는 새 인증서를 '타 기관 인증서 등록'에서 다시 등록하셔야 합니다.",
	    "Wherever the old certificate was registered, register the new one under 'Register another bank's certificate'." } },
	{ "check.banks", { "다른 은행, 저축은행, 우체국", "Other banks, post office" } },
	{ "check.stocks", { "증권사, 보험사, 카드사", "Brokers, insurers, card companies" } },
	{ "check.tax", { "홈택스, 정부24, 국민건강보험", "Hometax, Government24, health insurance" } },
	{ "check.work", { "직장과 학교, 전자 입찰", "Work, school, e-bidding" } },
	{ "check.now", { "지금 하실 일", "To do now" } },
	{ "check.use", { "인증서로 한 번 로그인해 보기", "Log in once with the new certificate" } },
	{ "check.copy", { "예비 USB에 복사해 따로 보관하기", "Keep a copy on another stick" } },
	{ "check.old", { "남아 있는 이전 인증서 파일 지우기", "Delete old copies of the file" } },
	{ "check.program", { "서명 프로그램을 새 버전으로 고치기", "Update the signing program" } },
	{ "check.safe", { "안전하게 쓰시려면", "Keeping it safe" } },
	{ "check.password", { "암호를 적어 두거나 알려 주지 마십시오.", "Do not write down or tell the password." } },
	{ "check.public", { "공용 컴퓨터에서는 쓰지 마십시오.", "Do not use it on public computers." } },
	{ "check.mail", { "이메일이나 사진첩에 보관하지 마십시오.", "Do not keep it in mail or photo folders." } },
	{ "check.expiry", { "{1}에 만료됩니다. 만료 30일 전부터 갱신하실 수 있습니다.", "It expires on {1}; renew it in the last 30 days." } },

	/* ---- forms ---- */
	{ "form.required", { "(*) 표시는 반드시 적어야 하는 항목입니다.", "Items marked (*) are required." } },
	{ "form.person", { "신청인", "Applicant" } },
	{ "form.reporter", { "신고인", "Reporter" } },
	{ "form.certificate", { "인증서", "Certificate" } },
	{ "form.application", { "신청 내용", "Application" } },
	{ "form.loss", { "분실 내용", "The loss" } },
	{ "form.measures", { "조치", "Measures" } },
	{ "form.consent", { "개인정보 처리 동의", "Consents" } },
	{ "form.item", { "동의 항목", "Item" } },
	{ "form.purpose", { "목적, 항목, 보유 기간", "Purpose, items, kept for" } },
	{ "form.choice", { "동의 여부", "Choice" } },
	{ "form.must", { "[필수]", "[required]" } },
	{ "form.may", { "[선택]", "[optional]" } },
	{ "form.agree", { "동의함", "agreed" } },
	{ "form.disagree", { "동의하지 않음", "not agreed" } },
	{ "form.request", { "위와 같이 공동인증서의 재발급을 신청합니다.", "I apply for the reissue of the joint certificate as stated above." } },
	{ "form.report", { "위와 같이 공동인증서의 분실을 신고하며 효력정지를 신청합니다.", "I report the loss of the joint certificate as stated above and ask for its suspension." } },
	{ "form.notes", { "유의 사항", "Please note" } },
	{ "form.note1", { "새 인증서의 만료일은 이전 인증서와 같습니다.", "The new certificate expires on the day the old one would have." } },
	{ "form.note2", { "새 인증서를 받으시면 이전 인증서는 폐지되며 되돌릴 수 없습니다.", "Once the new certificate is delivered the old one is revoked for good." } },
	{ "form.note3", { "다른 사람의 이름으로 발급받거나 인증서를 빌려주면 전자서명법에 따라 처벌받을 수 있습니다.",
	    "Getting a certificate in another's name or lending one is punishable under the Digital Signature Act." } },
	{ "form.note4", { "신고를 접수한 때부터 다른 사람의 사용으로 생긴 손해는 전자금융거래법 제10조에 따라 은행이 책임집니다.",
	    "From the moment of this report the bank answers for misuse by others (Electronic Financial Transactions Act, article 10)." } },
	{ "form.note5", { "찾으시면 정지 후 6개월 안에, 만료되기 전에 창구에서 되살릴 수 있습니다.",
	    "If found, it can be restored at the counter within 6 months and before it expires." } },
	{ "form.sign", { "(서명 또는 인)", "(signature or seal)" } },
	{ "form.to", { "{1} {2}장 귀하", "To the manager of {1} {2}" } },
	{ "form.bank_use", { "은행 사용란", "For the bank" } },
	{ "form.hash", { "내용 확인값 (SHA-256)", "Content hash (SHA-256)" } },
	{ "form.page", { "{1} / {2} 쪽", "page {1} of {2}" } },
	{ "form.no", { "문서번호", "Document no." } },
	{ "form.deliver_usb", { "USB 저장 (무인 창구)", "USB stick (kiosk)" } },
	{ "form.deliver_p12", { "USB 저장, PKCS#12 파일 포함", "USB stick, with a PKCS#12 file" } },
	{ "form.yes", { "있음", "yes" } },
	{ "form.no_misuse", { "없음", "no" } },
	{ "form.days_left", { "({1}일 남음)", "({1} days left)" } },
	{ "form.with_vat", { "(부가세 포함)", "(VAT included)" } },
	{ "consent.personal", { "개인정보 수집과 이용", "Use of personal data" } },
	{ "consent.personal.text", { "본인 확인, 분실신고와 재발급의 처리와 안내 / 성명, 휴대전화번호, 이메일, 분실 경위 / 인증서 만료 후 5년",
	    "identity check, report, application, contact / name, mobile number, e-mail, circumstances / 5 years after expiry" } },
	{ "consent.unique_id", { "고유식별정보 처리", "Use of unique identifiers" } },
	{ "consent.unique_id.text", { "신분증 진위확인, 새 인증서의 본인 확인 정보 / 주민등록번호, 외국인등록번호, 운전면허번호, 여권번호 / 처리하는 동안",
	    "ID authenticity, identity data of the certificate / registration, licence, passport number / while processed" } },
	{ "consent.third_party", { "발급기관에 제공", "Passing on to the issuing CA" } },
	{ "consent.third_party.text", { "인증서의 정지, 재발급, 폐지 / 성명, 본인 확인 정보, 인증서 정보, 정지 사유 / 인증서 만료 후 5년",
	    "suspension, reissue, revocation / name, identity data, certificate data / 5 years after expiry" } },
	{ "consent.reminder", { "만료 전 문자 안내", "Text message before expiry" } },
	{ "consent.reminder.text", { "새 인증서 만료 30일 전 문자 안내 / 휴대전화번호, 만료일 / 새 인증서 만료일까지",
	    "a text message 30 days before expiry / mobile number, expiry date / until expiry" } },

	/* ---- the day ---- */
	{ "day.cases", { "접수 현황", "Cases" } },
	{ "day.count", { "건수", "Count" } },
	{ "day.amount", { "금액(원)", "Won" } },
	{ "day.fees", { "수수료 수납", "Fees taken" } },
	{ "day.method", { "수단", "Method" } },
	{ "day.refunds", { "환불", "Refunds" } },
	{ "day.total", { "합계", "Total" } },
	{ "day.terminal", { "카드 단말기 집계", "Card terminal's totals" } },
	{ "day.payments", { "승인", "Payments" } },
	{ "day.reversals", { "취소", "Reversals" } },
	{ "day.no_terminal", { "단말기 집계를 받지 못했습니다.", "The terminal's totals could not be read." } },
	{ "day.differences", { "차이 내역", "Differences" } },
	{ "day.what", { "항목", "Item" } },
	{ "day.ours", { "지점 기록", "Branch" } },
	{ "day.theirs", { "단말기", "Terminal" } },
	{ "day.agree", { "지점 기록과 단말기 집계가 일치합니다.", "The branch's records and the terminal's totals agree." } },
	{ "cases.opened", { "접수", "opened" } },
	{ "cases.done", { "발급 완료", "issued" } },
	{ "cases.cancelled", { "취소", "cancelled" } },
	{ "cases.rejected", { "반려", "rejected" } },
	{ "cases.expired", { "기한 만료", "expired" } },
	{ "cases.found", { "회복", "restored" } },

	/* ---- words of the data ---- */
	{ "state.open", { "작성 중", "begun" } },
	{ "state.reported", { "분실신고 접수", "loss reported" } },
	{ "state.held", { "정지됨", "suspended" } },
	{ "state.applied", { "접수", "received" } },
	{ "state.review", { "심사 중", "in review" } },
	{ "state.returned", { "보완 요청", "more papers asked" } },
	{ "state.approved", { "승인, 수수료 대기", "approved, fee due" } },
	{ "state.paid", { "발급 대기", "awaiting issue" } },
	{ "state.prepared", { "발급 중", "being issued" } },
	{ "state.issued", { "저장 대기", "waiting to be saved" } },
	{ "state.withdrawing", { "발급 취소 중", "being withdrawn" } },
	{ "state.delivered", { "저장됨, 확인 중", "saved, being confirmed" } },
	{ "state.confirmed", { "이전 인증서 폐지 중", "old one being revoked" } },
	{ "state.releasing", { "정지 해제 중", "being restored" } },
	{ "state.done", { "발급 완료", "issued" } },
	{ "state.cancelled", { "취소", "cancelled" } },
	{ "state.rejected", { "반려", "rejected" } },
	{ "state.expired", { "기한 만료", "expired" } },
	{ "state.found", { "회복", "restored" } },
	{ "state.revoking", { "폐지 중", "being revoked" } },
	{ "state.revoked", { "폐지", "revoked" } },
	{ "product.universal_personal", { "범용 (개인)", "General purpose" } },
	{ "product.universal_business", { "범용 (기업)", "General (business)" } },
	{ "product.bank_personal", { "은행/보험용 (개인)", "Bank & insurance" } },
	{ "product.bank_business", { "은행/보험용 (기업)", "Bank (business)" } },
	{ "product.banking_business", { "기업뱅킹용", "Business banking" } },
	{ "product.securities_personal", { "증권/보험용 (개인)", "Stocks & insurance" } },
	{ "product.card_personal", { "신용카드용", "Credit card" } },
	{ "product.tax", { "전자세금용", "E-tax" } },
	{ "product.unknown", { "그 밖의 인증서", "Other certificate" } },
	{ "loss.kind.lost", { "분실", "lost" } },
	{ "loss.kind.stolen", { "도난", "stolen" } },
	{ "loss.kind.leaked", { "유출 의심", "suspected leak" } },
	{ "loss.kind.broken", { "고장/삭제", "broken or deleted" } },
	{ "loss.kind.forgotten", { "암호 분실", "password forgotten" } },
	{ "medium.usb", { "USB", "USB stick" } },
	{ "medium.phone", { "휴대전화", "phone" } },
	{ "medium.pc", { "컴퓨터", "computer" } },
	{ "medium.other", { "기타", "other" } },
	{ "factor.phone", { "신분증, 휴대폰 인증", "ID, phone code" } },
	{ "factor.question", { "신분증, 보안 질문", "ID, security question" } },
	{ "factor.account", { "신분증, 계좌 비밀번호", "ID, account PIN" } },
	{ "factor.staff", { "신분증, 대면 확인", "ID, face-to-face" } },
	{ "weekday.0", { "일", "Sun" } },
	{ "weekday.1", { "월", "Mon" } },
	{ "weekday.2", { "화", "Tue" } },
	{ "weekday.3", { "수", "Wed" } },
	{ "weekday.4", { "목", "Thu" } },
	{ "weekday.5", { "금", "Fri" } },
	{ "weekday.6", { "토", "Sat" } },
};
/* clang-format on */

enum { WORDS = sizeof words / sizeof words[0] };

const char *
paper_word(enum paper_lang lang, const char *key)
{
	for (size_t i = 0; i < WORDS; i++) {
		if (strcmp(words[i].key, key) == 0)
			return words[i].text[lang];
	}
	return NULL;
}

const char *
paper_word_of(enum paper_lang lang, const char *stem, const char *leaf)
{
	char key[KEY_MOST];
	const char *found = NULL;

	if ((size_t)snprintf(key, sizeof key, "%s.%s", stem, leaf) < sizeof key)
		found = paper_word(lang, key);
	return found == NULL ? "-" : found;
}

const char *
paper_word_key(size_t i)
{
	return i < WORDS ? words[i].key : NULL;
}
