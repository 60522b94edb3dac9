# Plays a customer at a real dasi-kiosk inside tmux.  Sourced by demo and the
# end-to-end tests, after branch.sh.
#
#   drive_open DIR ROWSxCOLS      start the kiosk in a tmux of its own
#   drive_see SECONDS TEXT        wait until TEXT is on the screen
#   drive_keys KEY... / drive_text TEXT
#   drive_keep NAME               store the screen as the next numbered file
#   drive_reissue DIR PERSON      the whole job up to the receipt screen
#   drive_to_NAME DIR PERSON      the same, up to one of its screens
#   drive_home                    leave whatever is there for the first screen
#   drive_close DIR
#
# DRIVE_SCREENS, when set, is the folder where screens are kept.  DRIVE_CERT,
# DRIVE_FACTOR and DRIVE_WHERE choose another certificate, factor or place to
# save to than the first.

drive_screens_kept=0

drive_tmux() { tmux -u -L "$drive_name" "$@"; }

drive_open() { # DIR COLSxROWS
	local dir=$1 cols=${2%x*} rows=${2#*x}
	drive_name=dasi-drive-$$-$RANDOM
	drive_cols=$cols
	env -u TMUX tmux -u -L "$drive_name" -f /dev/null new-session -d \
		-x "$cols" -y "$rows" \
		"TERM=tmux-256color '$BIN/dasi-kiosk' --config '$dir/dasi.conf' 2>'$dir/log/kiosk.log'; echo \$? >'$dir/kiosk.exit'; sleep 1"
	drive_tmux set -g status off
	drive_tmux resize-window -x "$cols" -y "$rows"
	drive_tmux list-panes -F '#{pane_pid}' | head -1 |
		{ read -r shell && branch_wait 5 drive_child "$shell" "$dir"; }
}

# the kiosk's own id, the shell's only child
drive_child() {
	local pid
	pid=$(ps -o pid= --ppid "$1" | head -1 | tr -d ' ')
	[ -n "$pid" ] && echo "$pid" >"$2/pids/kiosk"
}

drive_close() { # DIR
	branch_end "$1" kiosk
	drive_tmux kill-server 2>/dev/null
	return 0
}

drive_screen() { drive_tmux capture-pane -p; }
drive_shows() { drive_screen | grep -qF -- "$1"; }

drive_see() { # SECONDS TEXT
	branch_wait "$1" drive_shows "$2" || {
		echo "did not see: $2; the screen was:" >&2
		drive_screen >&2
		return 1
	}
}

drive_keys() { drive_tmux send-keys "$@"; }
drive_text() { drive_tmux send-keys -l -- "$1"; }

drive_keep() { # NAME
	[ -n "${DRIVE_SCREENS:-}" ] || return 0
	drive_screens_kept=$((drive_screens_kept + 1))
	drive_screen >"$(printf '%s/%02d-%s.txt' "$DRIVE_SCREENS" $drive_screens_kept "$1")"
}

drive_at() { # NAME TEXT: arrive at a screen and keep it
	drive_see 20 "$2" && drive_keep "$1"
}

drive_gone() { ! drive_shows "$1"; }
drive_see_no() { # SECONDS TEXT
	branch_wait "$1" drive_gone "$2" || { drive_screen >&2; return 1; }
}

# Leave from wherever it is, also out of a form with something typed in it.
drive_home() {
	drive_shows '공동인증서를 잃어버리셨나요' && return
	drive_keys F10
	branch_wait 10 drive_left_or_asked || { drive_screen >&2; return 1; }
	drive_shows '입력하신 내용은 지워집니다' && drive_keys F10
	drive_see 10 '공동인증서를 잃어버리셨나요'
}
drive_left_or_asked() {
	drive_shows '공동인증서를 잃어버리셨나요' || drive_shows '입력하신 내용은 지워집니다'
}

# The newest text message of a phone.
drive_sms_code() { # DIR PHONE
	local last
	last=$(find "$1/sandbox/sms/$2" -type f 2>/dev/null | sort -V | tail -1)
	[ -n "$last" ] && grep -oE '[0-9]{6}' "$last" | head -1
}

drive_identity() { # DIR PERSON
	local dir=$1 who=$2 kind n=1 name number date
	kind=$(branch_person "$dir" "$who" '.documents[0].kind')
	number=$(branch_person "$dir" "$who" '.documents[0].number // ""')
	date=$(branch_person "$dir" "$who" '.card_issue_date // .documents[0].issue_date')
	case $kind in driver) n=2 ;; passport) n=3 ;; alien) n=4 ;; esac
	name=$(branch_person "$dir" "$who" .name)
	drive_keys "$n" Tab
	case $name in [A-Za-z]*) drive_keys F9 ;; esac
	drive_text "$name"
	drive_keys Tab
	drive_text "$(branch_person "$dir" "$who" .resident_number)"
	drive_keys Tab
	if [ -n "$number" ]; then drive_text "$number"; drive_keys Tab; fi
	drive_text "${date//-/}"
	drive_keep identity-filled
	drive_keys Enter
}

drive_sms_count() { find "$1/sandbox/sms/$2" -type f 2>/dev/null | wc -l; }
drive_sms_more() { [ "$(drive_sms_count "$1" "$2")" -gt "$3" ]; }

# A number that looks odd is asked about; the customer says it is so.
drive_sure() {
	branch_wait 10 drive_sure_or_on || return 1
	drive_shows '같으면 Enter' || return 0
	drive_keys Enter
	branch_wait 10 drive_gone '같으면 Enter'
}
drive_sure_or_on() { drive_shows '같으면 Enter' || drive_shows '한 번 더 확인하겠습니다'; }

# The factor chosen, whichever it is.
drive_factor() { # DIR PERSON
	local dir=$1 who=$2 code phone before
	drive_sure || { drive_screen >&2; return 1; }
	phone=$(branch_person "$dir" "$who" .phone)
	before=$(drive_sms_count "$dir" "$phone")
	drive_at factor-pick '한 번 더 확인하겠습니다' || return 1
	drive_keys "${DRIVE_FACTOR:-1}"
	branch_wait 10 drive_factor_shown || return 1
	drive_keep factor
	if drive_shows '휴대전화로 받으신'; then
		branch_wait 10 drive_sms_more "$dir" "$phone" "$before" || return 1
		branch_wait 10 drive_sms_code "$dir" "$phone" >/dev/null
		code=$(drive_sms_code "$dir" "$phone")
		drive_text "$code"
	elif drive_shows '미리 정해 두신'; then
		drive_text "$(branch_person "$dir" "$who" .question.answer)"
	else
		drive_text "$(branch_person "$dir" "$who" .account.number)"
		drive_keys Tab
		drive_text "$(branch_person "$dir" "$who" .account.pin)"
	fi
	drive_keys Enter
}
drive_factor_shown() {
	drive_shows '휴대전화로 받으신' || drive_shows '미리 정해 두신' || drive_shows '본인 계좌를 확인'
}

drive_consent() {
	drive_at consent '개인정보 처리에 동의해' && drive_keys 1 2 3 && drive_keep consent-given &&
		drive_keys Enter && drive_at identity '신분증에 적힌 내용을'
}

drive_to_identity() { # [MENU]: 1 reissue, 2 report only
	drive_at welcome '공동인증서를 잃어버리셨나요' && drive_keys "${1:-1}" &&
		drive_at guide '이렇게 진행됩니다' && drive_keys Enter && drive_consent
}

# From the attract screen to the list of certificates.
drive_to_certs() { # DIR PERSON [MENU]
	drive_to_identity "${3:-1}" && drive_identity "$1" "$2" &&
		drive_factor "$1" "$2" && drive_at certs '어느 인증서를 잃어버리셨습니까' &&
		drive_see 10 '만료'
}

# From the attract screen to where a receipt number is asked for.
drive_to_status() { # DIR PERSON
	drive_at welcome '공동인증서를 잃어버리셨나요' && drive_keys 3 && drive_consent &&
		drive_identity "$1" "$2" && drive_factor "$1" "$2" &&
		drive_at status '접수번호를 입력해'
}

drive_loss() { # fill in the report and send it
	drive_at loss '먼저 정지해 드립니다' && drive_keys 1 Tab && drive_text '어제 오후' &&
		drive_keys Tab Tab Tab 1 Tab 1 && drive_keep loss-filled && drive_keys Enter
}

drive_to_held() { # DIR PERSON [MENU]
	drive_to_certs "$1" "$2" "${3:-1}" && drive_keys "${DRIVE_CERT:-1}" && drive_loss &&
		drive_at held '인증서를 정지했습니다.'
}

# From the held screen: the form of one who may have no telephone of their own.
drive_apply() { # DIR PERSON
	local phone
	phone=$(branch_person "$1" "$2" .phone)
	drive_at held '인증서를 정지했습니다.' && drive_keys Enter &&
		drive_at apply '연락받으실 곳을' && drive_text "${phone:-01000019999}" &&
		drive_keys Enter Enter Enter &&
		drive_at review '내용을 확인해 주십시오' && drive_keys Space Enter
}

drive_to_fee() { # DIR PERSON
	drive_to_held "$1" "$2" && drive_apply "$1" "$2" &&
		drive_at fee '내실 수수료가 없습니다'
}

# Where to save, when it is asked: 1 stick, 2 phone, 3 both (DRIVE_WHERE).
drive_place() {
	branch_wait 20 drive_place_asked_or_on || { drive_screen >&2; return 1; }
	drive_shows '어디에 저장할까요' || return 0
	drive_keep where
	drive_keys "${DRIVE_WHERE:-1}"
}
drive_place_asked_or_on() { drive_shows '어디에 저장할까요' || drive_shows '새 인증서의 암호를'; }

drive_new_password() { # PASSWORD: place and password
	drive_place && drive_at password '새 인증서의 암호를' &&
		drive_text "$1" && drive_keys Tab && drive_text "$1" &&
		drive_keep password-filled && drive_keys Enter
}
drive_password() { # PASSWORD: the same, up to the stick
	drive_new_password "$1" && drive_see 20 'USB를 꽂아'
}

drive_to_stick() { # DIR PERSON
	drive_to_fee "$1" "$2" && drive_keys Enter &&
		drive_password "$(branch_person "$1" "$2" .certificate_password)" &&
		drive_at stick '저장할 USB를 꽂아'
}

# From "try again" to the stick; the password is asked for when it is gone.
drive_retry() { # PASSWORD
	drive_keys 1
	branch_wait 10 drive_asks || { drive_screen >&2; return 1; }
	if drive_place_asked_or_on; then drive_password "$1"; fi
}
drive_asks() { drive_place_asked_or_on || drive_shows 'USB를 꽂아' || drive_shows 'USB가 준비'; }

# From a ready stick to the first screen again.
drive_to_end() {
	drive_see 60 '새 인증서가 저장되었습니다' && drive_keys Enter &&
		drive_see 10 "${DRIVE_AFTER:-다시 등록}" && drive_keys Enter &&
		drive_see 10 '접수번호는' && drive_keys Enter &&
		drive_see 10 '공동인증서를 잃어버리셨나요'
}

drive_reissue() { # DIR PERSON
	drive_to_stick "$1" "$2" && branch_stick_in "$1" STICK &&
		drive_at stick-ready '남은 공간' && drive_keys Space Enter &&
		drive_at issuing '새 인증서를 만들고' &&
		drive_see 60 '새 인증서가 저장되었습니다' && drive_keep done && drive_keys Enter &&
		drive_at after "${DRIVE_AFTER:-다시 등록}" && drive_keys Enter &&
		drive_at receipt '접수번호'
}
