//! A kind in; a made-up value of it out.

use gamyeong::scan::Kind;

use crate::corpus::Draw;

const GAPS: &[&str] = &["-", "-", "-", "-", " ", ".", "–", " - ", "%2D", "－", "_"];

/// Gaps of resident numbers alone.
const RARE_GAPS: &[&str] =
    &["--", "~", " ~ ", ",", ", ", "/", ":", "(", "\u{2003}", "─", " 뒷자리 ", ", 뒷자리: "];

/// What a value is, what stands right before, itself, what stands right behind.
pub(crate) type Value = (&'static str, String, String, &'static str);

/// A value of a kind.
pub(crate) fn of(draw: &mut Draw, kind: Kind) -> Value {
    match kind {
        Kind::Resident => resident(draw),
        Kind::Passport => passport(draw),
        Kind::Licence => licence(draw),
        Kind::Mobile => mobile(draw),
        Kind::Landline => landline(draw),
        Kind::Email => email(draw),
        Kind::Card => card(draw),
        Kind::Account => account(draw),
        Kind::Business => business(draw),
        Kind::Token => token(draw),
        Kind::Name => name(draw),
    }
}

fn plain(form: &'static str, value: String) -> Value {
    (form, String::new(), value, "")
}

fn passport(draw: &mut Draw) -> Value {
    match draw.below(4) {
        0 | 1 => plain(
            "passport old",
            format!("{}{}", draw.of(&["M", "S", "R", "G", "D"]), draw.pattern("########")),
        ),
        2 => {
            let letter = draw.of(&["A", "B", "C", "D", "E", "F", "Z"]);
            plain(
                "passport new",
                format!(
                    "{}{}{letter}{}",
                    draw.of(&["M", "S"]),
                    draw.pattern("###"),
                    draw.pattern("####")
                ),
            )
        }
        _ => (
            "passport with word",
            draw.of(&["여권 ", "여권번호:", "passport="]).into(),
            draw.pattern("m########"),
            "",
        ),
    }
}

fn licence(draw: &mut Draw) -> Value {
    let gap = draw.of(GAPS);
    let region = 11 + draw.below(18);
    match draw.below(4) {
        0 => (
            "licence with region",
            draw.of(&["서울 ", "경기 ", "부산", "전남-"]).into(),
            draw.pattern("##-######-##"),
            "",
        ),
        1 => (
            "licence with word",
            draw.of(&["면허번호 ", "운전면허:", "licenseNo="]).into(),
            format!("{region}{}", draw.pattern("##########")),
            "",
        ),
        _ => plain(
            "licence",
            format!("{region}{gap}{}", draw.pattern("##-######-##").replace('-', gap)),
        ),
    }
}

fn mobile(draw: &mut Draw) -> Value {
    let gap = draw.of(GAPS);
    let form = draw.of(&[
        "010-$###-####",
        "010-$###-####",
        "011-$##-####",
        "+82-10-$###-####",
        "010-$###-####",
        "019-$###-####",
        "+82-010-$###-####",
    ]);
    match draw.below(5) {
        0 => plain("mobile together", draw.pattern(&form.replace('-', ""))),
        1 => (
            "mobile with word",
            draw.of(&["연락처 ", "휴대폰:", "HP ", "tel="]).into(),
            draw.pattern(form),
            "으로",
        ),
        2 => plain("mobile full-width", draw.pattern("010-$###-####").chars().map(wide).collect()),
        _ => plain("mobile", draw.pattern(form).replace('-', gap)),
    }
}

fn landline(draw: &mut Draw) -> Value {
    let form = draw.of(&[
        "02-$##-####",
        "02-$###-####",
        "031-$##-####",
        "053-$##-####",
        "070-$###-####",
        "0505-$##-####",
        "+82-2-$##-####",
        "064-$##-####",
    ]);
    match draw.below(4) {
        0 => plain("landline bracket", draw.pattern("(031)$##-####")),
        1 => plain(
            "landline together",
            draw.pattern_of(&["031$######", "053$######", "02$#######", "070$#######"]),
        ),
        _ => plain(
            "landline",
            draw.pattern(form).replace('-', draw.of(&["-", "-", "-", ".", " ", "–", ")"])),
        ),
    }
}

fn email(draw: &mut Draw) -> Value {
    let local =
        draw.of(&["kim", "hong.gildong", "user_{}", "lee+lib", "minsu-park", "0{}", "a.b.c"]);
    let local = local.replace("{}", &draw.below(99_999).to_string());
    let host = draw.of(&[
        "example.kr",
        "example.com",
        "mail.example.co.kr",
        "example.ac.kr",
        "163.com",
        "example.go.kr",
    ]);
    plain("e-mail", format!("{local}{}{host}", draw.of(&["@", "@", "@", "%40"])))
}

fn card(draw: &mut Draw) -> Value {
    let (form, groups): (_, &[usize]) = match draw.below(5) {
        0 => ("37############", &[4, 6, 5]),
        1 => ("9#############", &[4, 4, 4, 4]),
        2 => ("5[############", &[4, 4, 4, 4]),
        3 => ("36###########", &[4, 6, 4]),
        _ => ("4#############", &[4, 4, 4, 4]),
    };
    let length = groups.iter().sum::<usize>() - 1;
    let form = form.replace('[', "1");
    let form = format!("{form}{}", "#".repeat(length.saturating_sub(form.len())));
    let digits = luhn(&draw.pattern(&form[..length]));
    let gap = draw.of(&["-", "-", " ", "", "", ".", "%2D"]);
    plain("card", grouped(&digits, groups, gap))
}

fn account(draw: &mut Draw) -> Value {
    let form = draw.of(&[
        "###-###-######",
        "######-##-######",
        "1002-###-######",
        "###-####-####-##",
        "3333-##-#######",
        "############",
    ]);
    let lead = draw.of(&[
        "계좌 ",
        "계좌번호:",
        "국민은행 ",
        "account=",
        "acctNo=",
        "신한은행 ",
        "농협 ",
        "입금계좌 ",
    ]);
    ("account", lead.into(), draw.pattern(form), "")
}

fn business(draw: &mut Draw) -> Value {
    let digits = business_checked(&draw.pattern("$##8######")[..9]);
    match draw.below(4) {
        0 => (
            "business with word",
            draw.of(&["사업자번호 ", "bizNo=", "사업자등록번호:"]).into(),
            digits,
            "",
        ),
        _ => plain("business", grouped(&digits, &[3, 2, 5], draw.of(&["-", "-", "-", " ", "–"]))),
    }
}

fn token(draw: &mut Draw) -> Value {
    match draw.below(3) {
        0 => plain("CI", format!("{}==", draw.base64(86))),
        1 => plain("DI", format!("MC0GCCqGSIb3DQIJAyEA{}=", draw.base64(43))),
        _ => ("DI with key", draw.of(&["di=", "dupInfo=", "userDi="]).into(), draw.base64(64), ""),
    }
}

fn resident(draw: &mut Draw) -> Value {
    let (year, month, day) = (draw.below(100), 1 + draw.below(12), 1 + draw.below(28));
    let foreign = if draw.below(4) == 0 { 4 } else { 0 };
    let century = if year < 26 && draw.below(3) > 0 { 3 } else { 1 };
    let sex = century + draw.below(2) + foreign;
    let is_unchecked = (year >= 21 && century == 3) || (foreign > 0 && draw.below(2) == 0);
    let first = format!("{year:02}{month:02}{day:02}");
    let last = format!("{sex}{}", draw.pattern("######"));
    let digits =
        if is_unchecked { first.clone() + &last } else { checked(&(first.clone() + &last)[..12]) };
    match draw.below(6) {
        0 => ("resident together", String::new(), digits, ""),
        1 => (
            "resident with word",
            draw.of(&["주민번호 ", "주민등록번호:", "jumin=", "ssn="]).into(),
            digits,
            "",
        ),
        2 => {
            let value = format!("{}&jumin2={}", &digits[..6], &digits[6..]);
            ("resident in two fields", "x&jumin1=".into(), value, "")
        }
        3 => {
            let value = format!("{}-{}", &digits[..6], &digits[6..]);
            ("resident full-width", String::new(), value.chars().map(wide).collect(), "")
        }
        4 => {
            let value = format!("{}{}{}", &digits[..6], draw.of(RARE_GAPS), &digits[6..]);
            ("resident, rare gap", String::new(), value, "")
        }
        _ => {
            let value = format!("{}{}{}", &digits[..6], draw.of(GAPS), &digits[6..]);
            ("resident", String::new(), value, "")
        }
    }
}

fn name(draw: &mut Draw) -> Value {
    const GIVEN: &[&str] = &[
        "민수", "지영", "서연", "길동", "준", "하늘", "은우", "영희", "가을", "도윤", "수아",
        "예은",
    ];
    const SURNAMES: &[&str] =
        &["김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "남궁", "황보", "홍", "선우"];
    const LATIN: &[&str] = &[
        "Kim Minsu",
        "HONG GILDONG",
        "Nguyen Van An",
        "Jiyoung Park",
        "Lee Su-jin",
        "Maria Santos",
        "Wang Wei",
    ];
    let korean = format!("{}{}", draw.of(SURNAMES), draw.of(GIVEN));
    let lead = match draw.below(3) {
        0 => draw.of(&["x&name=", "x&NAME=", "이름: ", "이름="]),
        1 => draw.of(&["x&userName=", "x&user_name=", "x&mb_name=", "x&memberNm=", "x&usrNm="]),
        _ => draw.of(&["성명: ", "성명=", "신청인: ", "예약자: ", "회원명="]),
    };
    match draw.below(4) {
        0 => ("name Latin", lead.into(), draw.of(LATIN).into(), "&x=1"),
        _ => ("name Korean", lead.into(), korean, draw.of(&["", "&x=1", ", 30세"])),
    }
}

pub(crate) fn isbn13(draw: &mut Draw) -> String {
    let digits = draw.pattern_of(&["97889#######", "979119######", "97911#######"]);
    let sum: u32 = digits
        .chars()
        .zip([1, 3].into_iter().cycle())
        .filter_map(|(c, by)| Some(c.to_digit(10)? * by))
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

pub(crate) fn isbn10(draw: &mut Draw) -> String {
    let digits = draw.pattern_of(&["89#######", "0########", "019######"]);
    let sum: u32 =
        digits.chars().zip((2..=10).rev()).filter_map(|(c, by)| Some(c.to_digit(10)? * by)).sum();
    match (11 - sum % 11) % 11 {
        10 => format!("{digits}X"),
        check => format!("{digits}{check}"),
    }
}

/// Twelve digits with the check digit of a resident number.
fn checked(digits: &str) -> String {
    let weights = (2..=9).chain(2..=5);
    let sum: u32 =
        digits.chars().zip(weights).filter_map(|(c, by)| Some(c.to_digit(10)? * by)).sum();
    let base = if ('5'..='8').contains(&char::from(digits.as_bytes()[6])) { 13 } else { 11 };
    format!("{digits}{}", (base - sum % 11) % 10)
}

fn luhn(digits: &str) -> String {
    let doubled =
        digits.chars().rev().filter_map(|c| c.to_digit(10)).enumerate().map(|(place, digit)| {
            let digit = if place % 2 == 0 { digit * 2 } else { digit };
            digit / 10 + digit % 10
        });
    format!("{digits}{}", (10 - doubled.sum::<u32>() % 10) % 10)
}

fn business_checked(digits: &str) -> String {
    let digit = |c: char| c.to_digit(10).unwrap_or_default();
    let sum: u32 =
        digits.chars().zip([1, 3, 7, 1, 3, 7, 1, 3, 5]).map(|(c, by)| digit(c) * by).sum();
    let tens = digits.chars().last().map_or(0, digit) * 5 / 10;
    format!("{digits}{}", (10 - (sum + tens) % 10) % 10)
}

pub(crate) fn grouped(digits: &str, groups: &[usize], gap: &str) -> String {
    let mut rest = digits;
    let parts = groups.iter().map(|length| {
        let (part, behind) = rest.split_at((*length).min(rest.len()));
        rest = behind;
        part
    });
    parts.collect::<Vec<_>>().join(gap)
}

/// The full-width form of a digit or hyphen.
fn wide(mark: char) -> char {
    match mark {
        '0'..='9' => char::from_u32(u32::from(mark) - u32::from('0') + 0xff10).unwrap_or(mark),
        '-' => '－',
        mark => mark,
    }
}
