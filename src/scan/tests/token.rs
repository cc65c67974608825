use super::super::Kind;
use super::{finds, finds_none};

const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Characters of base64 drawn from a seed, without marks that are written otherwise.
fn drawn(seed: u64, length: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % 62
    };
    (0..length).map(|_| char::from(BASE64[draw()])).collect()
}

fn filled(row: &str, seed: u64) -> String {
    let ci = drawn(seed, 86);
    let di = drawn(seed, 43);
    row.replace("{ci}", &format!("{ci}=="))
        .replace("{di}", &format!("MC0GCCqGSIb3DQIJAyEA{di}="))
        .replace("{86}", &ci)
        .replace("{43}", &di)
        .replace("{40}", &ci[..40])
        .replace("{64}", &ci[..64])
        .replace("{66}", &ci[..66])
        .replace("{hex}", &seed.to_string().repeat(64)[..64].replace('7', "a"))
}

/// Found, between `«` and `»`.
const IN_CONTEXT: &[&str] = &[
    // CI, anywhere.
    "«{ci}»",
    "q=«{ci}»",
    "x «{ci}»",
    "a=1&v=«{ci}»&b=2",
    "값«{ci}»",
    "\"«{ci}»\"",
    "'«{ci}»'",
    "(«{ci}»)",
    "<«{ci}»>",
    "a:«{ci}»",
    "a,«{ci}»,b",
    "%20«{ci}»",
    "«{ci}»끝",
    "«{ci}»&x=1",
    "«{ci}»;«{ci}»",
    "-«{ci}»",
    "_«{ci}»",
    ".«{ci}»",
    "«{86}%3D%3D»",
    "«{86}%3d%3d»",
    "«{86}=%3D»",
    "v=«{86}%3D%3D»&x",
    "q=«+{40}/{40}1234==»",
    "q=«%2B{40}%2F{40}1234==»",
    "q=«%2b{40}%2f{40}1234%3D%3D»",
    "«/{40}/{40}/123==»",
    "{\"a\":\"«{ci}»\"}",
    "cookie=«{ci}»",
    "«{ci}» «{di}»",
    // DI, anywhere.
    "«{di}»",
    "q=«{di}»",
    "x «{di}»",
    "a=1&v=«{di}»&b=2",
    "값«{di}»",
    "\"«{di}»\"",
    "a:«{di}»",
    "%20«{di}»",
    "«{di}»끝",
    "«{di}»&x=1",
    "«MC0GCCqGSIb3DQIJAyEA{43}%3D»",
    "v=«MC0GCCqGSIb3DQIJAyEA{43}%3d»",
    "-«{di}»",
    "«{di}»;«{di}»",
    // Behind a key.
    "ci=«{ci}»",
    "CI=«{ci}»",
    "di=«{di}»",
    "DI: «{di}»",
    "di=«{64}»",
    "di=«{66}»",
    "connInfo=«{86}ab»",
    "dupInfo=«{64}»",
    "dup_info=«{66}»",
    "conn_info: «{86}xy»",
    "user_ci=«{ci}»",
    "userDi=«{64}»",
    "{\"ci\":\"«{ci}»\"}",
    "{\"di\": \"«{64}»\"}",
    "ciValue=«{ci}»",
    "encDi=«{64}»",
    "di%3D«{64}»",
    "di=«-{40}_1234567890123456789012»",
    "ci=«{40} {40}12345==»",
    "di=«{hex}»",
    "certCi=«{ci}»",
    "sci=1&ci=«{ci}»&b",
];

/// Not of the kind in any context.
const NOT: &[&str] = &[
    // Other lengths.
    "{86}=",
    "{86}",
    "{86}===",
    "a{ci}",
    "{86}a==",
    "{64}",
    "{66}",
    "{64}==",
    "{66}==",
    "{64}=",
    "{40}==",
    "{40}=",
    "{40}",
    "aMC0GCCqGSIb3DQIJAyEA{43}=",
    "MC0GCCqGSIb3DQIJAyEA{43}",
    "MC0GCCqGSIb3DQIJAyEA{40}=",
    "MC0GCCqGSIb3DQIJAyEA{43}a=",
    "ci={40}",
    "di={40}",
    "ci={86}",
    "di={86}a1234",
    "connInfo=1",
    "dupInfo=",
    "ci={66}a",
    "di={64}a",
    "di={hex}0",
    // Keys of others.
    "sid={64}",
    "token={64}",
    "hash={hex}",
    "sha256={hex}",
    "JSESSIONID={64}",
    "csrf={66}",
    "id={64}",
    "access_token={86}ab",
    "code={hex}",
    "state={64}",
    "nonce={66}",
    "cid={64}",
    "div={64}",
    "cip={64}",
    "audi={64}",
    "sci={64}",
    "wiki={64}",
    // Digests and identifiers by themselves.
    "{hex}",
    "sha256:{hex}",
    "/{hex}/",
    "v={hex}",
    "{hex}==",
    "{hex}{hex}==",
    // One kind of letters, paths, repeated marks.
    "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z/A/B/C/D/E/F/G/H/I/J/K/L/M/N/O/P/1==",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa==",
    "ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFAB==",
    "==",
    "=",
    "====",
    "a==b",
    "eyJhbGciOiJIUzI1NiJ9.{40}.{43}",
    "data:image/png;base64,{40}==",
    "{40}.{40}==",
    "{40}%3D%3D",
    "{40} {43}==",
    "ci",
    "di=",
    "ci==",
    "ci=1984",
    "di=813.7",
    "di=가나다",
    "di={64}[mobile]",
    "di={64} [mobile]",
    "di={64}+010-1234-5678",
    "di={64} 010-1234-5678",
    "q=ci",
    "md5=d41d8cd98f00b204e9800998ecf8427e",
];

#[test]
fn values_of_identity_checks() {
    assert!(IN_CONTEXT.len() >= 60, "{}", IN_CONTEXT.len());
    for row in IN_CONTEXT {
        for seed in [1, 2, 3] {
            finds(Kind::Token, &filled(row, seed));
        }
    }
}

#[test]
fn what_is_none() {
    assert!(NOT.len() >= 60, "{}", NOT.len());
    for row in NOT {
        for seed in [1, 2, 3] {
            finds_none(Kind::Token, &filled(row, seed));
        }
    }
}
