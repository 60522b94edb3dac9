/*
 * pages.c - see the header.
 */
#include "pages.h"

#include <stdlib.h>

struct field typed_name, typed_number, typed_password;
static struct field typed_licence;
static char secret[FIELD_SECRET_CAP];
int pages_focus;

static const char *const steps[] = { "안내", "본인 확인", "분실 신고", "신청서",
	"수수료", "저장", "완료" };
const struct page_head pages_head = {
	.title = "재발급 신청",
	.keys = "도움 F1  직원 호출 F2",
	.keys_short = "F1 F2",
	.steps = steps,
	.step_count = 7,
	.step_now = 1,
	.more = "(더 있음 PgDn)",
	.too_small = "화면이 너무 작습니다.",
	.secret_spoken = "{1}자리를 입력하셨습니다",
};

static void
type(struct field *f, const char *text)
{
	for (; *text != '\0'; text++) {
		struct event ev = event_char((unsigned char)*text, 0);
		(void)field_feed(f, NULL, &ev);
	}
}

void
pages_open(void)
{
	field_init(&typed_name,
	    (struct field_spec){ .kind = FIELD_TEXT, .max_chars = 10 });
	(void)field_set(&typed_name, "홍길동");
	field_init(&typed_number, (struct field_spec){ .kind = FIELD_DIGITS,
				      .pattern = "######-#######",
				      .open_chars = 7 });
	type(&typed_number, "9001011234567");
	field_init(&typed_licence, (struct field_spec){ .kind = FIELD_DIGITS,
				       .pattern = "##-##-######-##" });
	type(&typed_licence, "11231234570");
	field_init_secret(
	    &typed_password, (struct field_spec){ .max_chars = 30 }, secret);
	type(&typed_password, "Pa55word!!");
	pages_focus = 0;
}

void
pages_identity(struct page *p)
{
	static const char *const kinds[] = { "주민등록증", "운전면허증", "여권",
		"외국인" };

	page_head(p, &pages_head);
	page_prompt(p, "신분증에 적힌 내용을 입력해 주십시오.");
	page_choice(p, "신분증", kinds, 4, 1, NULL);
	page_field(p, "성명", &typed_name, NULL, NULL);
	page_field(p, "주민등록번호", &typed_number,
	    "화면에는 앞 7자리만 보입니다", NULL);
	page_field(p, "운전면허번호", &typed_licence, NULL,
	    "12자리입니다. 11자리를 입력하셨습니다.");
	page_focus(p, pages_focus);
	page_error(p, "운전면허번호는 12자리입니다.",
	    "면허증 위쪽의 번호를 다시 확인해 주십시오. 예: 11-23-123456-70");
	page_foot(p, "Esc 이전", "Enter 다음", NULL);
}

void
pages_menu(struct page *p)
{
	static const struct page_head start = { .title = "한빛은행 역삼지점",
		.keys = "English F3  도움 F1  직원 호출 F2",
		.keys_short = "F3 F1 F2",
		.more = "(더 있음 PgDn)",
		.too_small = "화면이 너무 작습니다." };

	page_head(p, &start);
	page_prompt(p, "공동인증서를 잃어버리셨나요?");
	page_text(p, "걱정하지 마십시오. 지금 바로 정지하고, 약 4분이면 다시 "
		     "발급해 드립니다.");
	page_gap(p);
	page_menu(p, "재발급 신청", "정지부터 새 인증서 저장까지");
	page_menu(p, "분실 신고만 하기", "지금 정지, 재발급은 나중에");
	page_menu(p, "처리 상태 조회", "접수번호로 확인, 이어서 하기");
	page_menu(p, "인증서 사용 확인", "USB의 인증서가 잘 되는지 확인");
	page_focus(p, pages_focus);
	page_foot(p, NULL, NULL,
	    "번호를 누르거나 화살표로 고르신 다음 Enter를 "
	    "눌러 주십시오.");
}

void
pages_tasks(struct page *p)
{
	page_head(p, &pages_head);
	page_prompt(
	    p, "새 인증서를 만들고 있습니다. USB를 빼지 말아 주십시오.");
	page_task(p, TASK_DONE, "키 만들기", "완료");
	page_task(p, TASK_DONE, "발급 기관에 신청", "완료");
	page_task(p, TASK_DONE, "인증서 확인", "완료");
	page_task(p, TASK_DOING, "USB에 저장", "진행 중   41 %");
	page_task(p, TASK_TODO, "저장된 파일로 서명 시험", NULL);
	page_task(p, TASK_TODO, "발급 기관에 수령 확인", NULL);
	page_task(p, TASK_TODO, "이전 인증서 폐지", NULL);
	page_foot(p, "처음으로는 저장이 끝난 뒤에", NULL, NULL);
}

void
pages_facts(struct page *p)
{
	page_head(p, &pages_head);
	page_prompt(p, "인증서를 정지했습니다.");
	page_text(p, "이제 다른 사람이 이 인증서를 사용할 수 없습니다.");
	page_gap(p);
	page_row(p, "인증서", "홍*동  은행/보험용 (개인)  금융결제원", NULL);
	page_row(p, "상태", "정지",
	    "(찾으시면 창구에서 6개월 안에 되살릴 수 있습니다)");
	page_row(p, "만료일", "2027-03-14 (112일 남음)",
	    "새 인증서도 같은 날 만료됩니다");
	page_row(p, "신고번호", "L-20261122-0031", NULL);
	page_gap(p);
	page_check(p, "위 내용을 확인했습니다.", true, "(필수)");
	page_check(p, "문자로 진행 상황을 받겠습니다.", false, "(선택)");
	page_focus(p, pages_focus);
	page_notice(p, "신청하지 않고 마치셔도 정지는 유지됩니다.");
	page_foot(p, "Esc 이전", "Enter 다음", NULL);
}

void
pages_table(struct page *p)
{
	static const struct page_column columns[] = { { "번호", 4, false },
		{ "접수번호", 15, false }, { "고객", 6, false },
		{ "상태", 11, false }, { "경과", 6, true },
		{ "약속일", 9, true }, { "비고", 0, true } };
	static const char *const rows[][7] = {
		{ "1", "R-20261122-0031", "홍*동", "심사 중", "00:03",
		    "11-23(월)", "대체 서류" },
		{ "2", "R-20261122-0030", "김*수", "수수료 대기", "00:07",
		    "11-23(월)", "4,400원" },
		{ "3", "R-20261120-0012", "이*", "저장 실패", "2일",
		    "11-22(일)", "매체 교체" },
	};
	static const struct page_head counter = { .title = "[2101] 접수 대기열",
		.keys = "역삼지점  14:05:31",
		.keys_short = "14:05:31" };

	page_head(p, &counter);
	page_table(p, columns, 7);
	for (int i = 0; i < 3; i++)
		page_table_row(p, rows[i], true, i == 2);
	page_focus(p, pages_focus);
	page_foot(p, "Esc 뒤로", "Enter 열기", "/ 찾기");
}

static const char *
filler(void)
{
	static const char *const texts[] = { "짧은 글.",
		"이 문장은 여러 줄로 나뉘어야 할 만큼 충분히 길게 쓰여 있어서 "
		"좁은 "
		"화면에서는 서너 줄을 차지합니다.",
		"x",
		"Anunbreakablewordthatislongerthanthenarrowestscreenofall" };

	return texts[rand() % 4];
}

int
pages_random(struct page *p)
{
	static const char *const options[] = { "하나", "둘", "셋 번째 선택",
		"네 번째로 긴 선택", "다섯" };
	int items = 1 + rand() % 25;

	page_head(p, &pages_head);
	for (int i = 0; i < items; i++) {
		switch (rand() % 8) {
		case 0:
			page_prompt(p, filler());
			break;
		case 1:
			page_text(p, filler());
			break;
		case 2:
			page_gap(p);
			break;
		case 3:
			page_row(p, "이름표", filler(), filler());
			break;
		case 4:
			page_menu(p, filler(), rand() % 2 ? filler() : NULL);
			break;
		case 5:
			page_field(p, rand() % 2 ? "성명" : filler(),
			    &typed_name, rand() % 2 ? filler() : NULL,
			    rand() % 2 ? "고쳐 주십시오." : NULL);
			break;
		case 6:
			page_choice(p, "선택", options, 5, rand() % 5, NULL);
			break;
		default:
			page_check(p, filler(), rand() % 2, "(필수)");
			break;
		}
	}
	if (rand() % 2)
		page_error(p, filler(), rand() % 2 ? filler() : NULL);
	if (rand() % 2)
		page_foot(p, "Esc 이전", "Enter 다음", filler());
	return p->numbers;
}
