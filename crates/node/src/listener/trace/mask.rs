//! What of a message may be kept for people who support a machine (O1): its shape, its numbers of people and their names,
//! but no secret, no fingerprint, face or picture, and of a card the last two digits only.
//!
//! It masks by the names of fields, and besides by shape: whatever follows a NUL is a blob, and so is any long run of
//! Base64, since the point of a trace is a machine nobody has seen before.

use std::borrow::Cow;

use rollcall_protocol::http::Query;
use rollcall_protocol::text;

/// A run of Base64 characters at least so long is no name and no number.
const LONG_RUN: usize = 40;
/// Bytes of one option that are shown.
const LONGEST_PAIR: usize = 600;
/// Bytes of a query that are kept with an upload.
const LONGEST_QUERY: usize = 2048;
/// So many bytes of a body are looked at for each that may be kept of it: what is masked gets shorter.
const LOOKED_AT: usize = 16;
/// Where a secret was.
const SECRET: &str = "‹secret›";

/// Writes in bounds: what is beyond them is not even looked at.
struct Out {
    text: String,
    most: usize,
}

impl Out {
    fn new(most: usize) -> Self {
        Self { text: String::new(), most }
    }

    fn full(&self) -> bool {
        self.text.len() >= self.most
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn blob(&mut self, bytes: usize) {
        use std::fmt::Write as _;
        let _ = write!(self.text, "‹{bytes} bytes›");
    }

    /// Cut to the bound. Everything in here is masked already, so a cut leaves nothing bare.
    fn end(mut self) -> String {
        if self.text.len() > self.most {
            self.text.truncate(text::truncate_bytes(&self.text, self.most).len());
            self.text.push('…');
        }
        self.text
    }
}

/// What a field's name says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Plain,
    Secret,
    Card,
    Blob,
}

impl Class {
    fn of(key: &str) -> Self {
        let key = key.trim().to_ascii_lowercase();
        let is = |names: &[&str]| names.contains(&key.as_str());
        let has = |parts: &[&str]| parts.iter().any(|part| key.contains(part));
        if key.ends_with("_time") {
            // When it was enrolled.
            Self::Plain
        } else if key.ends_with("key")
            || has(&["passw", "pwd", "token", "secret", "authorization", "registrycode", "sessionid"])
            || is(&["factors"])
        {
            Self::Secret
        } else if is(&[
            "card",
            "cardno",
            "card_no",
            "cardid",
            "cardnum",
            "cardnumber",
            "card_number",
            "maincard",
            "vicecard",
            "idcard",
            "idnum",
            "idnumber",
            "id_number",
            "snnum",
            "dnnum",
        ]) {
            Self::Card
        } else if is(&["tmp", "content", "base64", "enroll_data", "picture", "feature"])
            || key.starts_with("template")
            || key.starts_with("fptemplate")
            || key.ends_with("photo")
            || key.ends_with("image")
        {
            Self::Blob
        } else {
            Self::Plain
        }
    }

    /// Writes a value as it may be kept.
    fn mask(self, key: &str, value: &str, out: &mut Out) {
        match self {
            _ if value.is_empty() => {}
            Self::Plain => out.push(value),
            Self::Secret => out.push(SECRET),
            Self::Card => card(value, out),
            Self::Blob if is_harmless(key, value) => out.push(value),
            Self::Blob => out.blob(value.len()),
        }
    }
}

/// A blob's name with something else behind it: a switch (`BioPhoto=1`), or where the blob is (`BIN_1`, fk-http §4).
fn is_harmless(key: &str, value: &str) -> bool {
    let digits = |text: &str, most| text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    value.strip_prefix("BIN_").is_some_and(|number| !number.is_empty() && digits(number, 4))
        // A short password is enrolled as `enroll_data`.
        || (!key.eq_ignore_ascii_case("enroll_data") && digits(value, 3))
}

/// A card's number without all but its last two digits; nothing but zeros is no card.
fn card(value: &str, out: &mut Out) {
    if !value.bytes().any(|byte| byte.is_ascii_alphanumeric() && byte != b'0') {
        return out.push(value);
    }
    let digits = value.chars().filter(char::is_ascii_alphanumeric).count();
    let bare = if digits > 4 { 2 } else { 0 };
    let mut at = 0;
    for c in value.chars() {
        let hidden = c.is_ascii_alphanumeric() && at + bare < digits;
        at += usize::from(c.is_ascii_alphanumeric());
        out.text.push(if hidden || !c.is_ascii() { '•' } else { c });
    }
}

/// A message that is kept in clear: as it came, unless there is a secret in it.
pub(crate) fn without_secrets(text: String) -> String {
    let masked = body(text.as_bytes(), false, usize::MAX);
    if masked.contains(SECRET) { masked } else { text }
}

/// The form in which a line that nobody can read is set aside: it may be of another table, with a password in it. Nothing when
/// it can be as it came.
pub(crate) fn set_aside(line: &[u8]) -> Option<Vec<u8>> {
    // Masking costs more than reading did, and a body may be nothing but such lines: a secret has a name and a sign.
    if !line.iter().any(|byte| matches!(byte, b'=' | b':')) {
        return None;
    }
    let masked = body(line, false, usize::MAX);
    masked.contains(SECRET).then(|| masked.into_bytes())
}

/// The query of an upload that is kept.
pub(crate) fn query(query: &[u8]) -> String {
    let mut out = Out::new(LONGEST_QUERY);
    parameters(&printable(query), &mut out);
    out.end()
}

/// The request target: its path as it came, its query masked.
pub(super) fn target(target: &[u8], most: usize) -> String {
    let mut out = Out::new(most);
    let target = printable(target);
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    out.push(path);
    if target.len() > path.len() {
        out.push("?");
    }
    parameters(query, &mut out);
    out.end()
}

fn parameters(query: &str, out: &mut Out) {
    for (at, pair) in query.split('&').enumerate() {
        if at > 0 {
            out.push("&");
        }
        match pair.split_once('=') {
            Some((key, value)) => {
                line(key, out);
                out.push("=");
                // By the name it is read under: letters of it may be percent-encoded.
                let name = Query::new(key.as_bytes()).pairs().next().map(|(name, _)| name);
                field(&String::from_utf8_lossy(&name.unwrap_or_default()), value, out);
            }
            None => {
                line(pair, out);
            }
        }
        if out.full() {
            break;
        }
    }
}

/// Header lines, without the request or status line.
pub(super) fn headers(lines: &[u8], most: usize) -> String {
    let mut out = Out::new(most);
    for bytes in lines.split(|byte| *byte == b'\n') {
        let text = printable(bytes.trim_ascii_end());
        if text.is_empty() {
            continue;
        }
        if out.full() {
            break;
        }
        if !out.text.is_empty() {
            out.push("\n");
        }
        match text.split_once(':') {
            Some((name, value)) if name.trim().to_ascii_lowercase().ends_with("cookie") => {
                line(name, &mut out);
                out.push(":");
                cookies(value, &mut out);
            }
            Some((name, value)) => {
                line(name, &mut out);
                out.push(":");
                let (blanks, value) = value.split_at(value.len() - value.trim_start().len());
                out.push(blanks);
                field(name.trim(), value, &mut out);
            }
            None => {
                line(&text, &mut out);
            }
        }
    }
    out.end()
}

/// Whether what stands behind this name is a secret.
pub(crate) fn is_secret(key: &str) -> bool {
    Class::of(key) == Class::Secret
}

/// A name and its value, on one line.
pub(crate) fn pair(key: &str, value: &str) -> String {
    let mut out = Out::new(LONGEST_PAIR);
    line(key, &mut out);
    out.push("=");
    field(key, &printable(value.as_bytes()), &mut out);
    out.end()
}

/// The whole value of a query parameter or header.
fn field(key: &str, value: &str, out: &mut Out) {
    match Class::of(key) {
        Class::Plain => {
            line(value, out);
        }
        class => class.mask(key, value, out),
    }
}

/// The names of cookies, without what is in them.
fn cookies(value: &str, out: &mut Out) {
    for (at, pair) in value.split(';').enumerate() {
        if at > 0 {
            out.push(";");
        }
        match pair.split_once('=') {
            Some((name, value)) => {
                line(name, out);
                out.push("=");
                Class::Secret.mask(name, value, out);
            }
            None if pair.trim().is_empty() => out.push(pair),
            None => out.push(SECRET),
        }
    }
}

/// The first part of a body. In the FK dialect, what does not begin like a message is a block from the middle of one.
pub(super) fn body(bytes: &[u8], fk: bool, most: usize) -> String {
    let mut out = Out::new(most);
    let mut rest = bytes;
    if let Some(message) = framed(bytes) {
        out.blob(bytes.len() - message.len());
        rest = message;
    } else if fk
        && !bytes.trim_ascii_start().starts_with(b"{")
        && !matches!(bytes, b"OK" | b"result=OK" | b"")
    {
        out.blob(bytes.len());
        return out.end();
    }
    let seen = looked_at(rest, most);
    let (written, blob) = rest.split_at(seen.iter().position(|byte| *byte == 0).unwrap_or(seen.len()));
    // A template that goes on in the next line.
    let mut goes_on = false;
    // In JSON a value may stand on another line than its name.
    let json = written.trim_ascii_start().starts_with(b"{") || written.trim_ascii_start().starts_with(b"[");
    if json {
        line(&printable(written), &mut out);
    }
    let lines = if json { &[][..] } else { written };
    for (at, bytes) in lines.split(|byte| *byte == b'\n').enumerate() {
        if out.full() {
            break;
        }
        if at > 0 {
            out.push("\n");
        }
        let text = printable(bytes.strip_suffix(b"\r").unwrap_or(bytes));
        if goes_on && !text.is_empty() && text.bytes().all(|byte| is_base64(byte) || byte == b'=') {
            out.blob(text.len());
        } else {
            goes_on = line(&text, &mut out);
        }
    }
    if !blob.is_empty() && !out.full() {
        out.blob(blob.len());
    }
    out.end()
}

/// The part of a body that is looked at: a trace must not cost more than storing what it is of, and bodies have megabytes.
/// It ends where a value ends, or no card would show its last digits only; unless the value is too long for one.
fn looked_at(bytes: &[u8], most: usize) -> &[u8] {
    let Some(seen) = bytes.get(..most.saturating_mul(LOOKED_AT)) else { return bytes };
    let end = seen.iter().rposition(|byte| b"\n\t,&".contains(byte)).filter(|end| *end >= seen.len() / 2);
    let end = end.or_else(|| seen.iter().rposition(|byte| byte & 0xc0 != 0x80));
    seen.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// The JSON of a framed FK message, and what follows it (fk-http §4).
fn framed(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    // A first block announces all of the JSON, which need not have come yet.
    let plausible = u32::from_le_bytes(*length) < 64 * 1024 * 1024;
    (plausible && rest.starts_with(b"{")).then_some(rest)
}

/// Text of any encoding; control characters but the TAB become blanks.
fn printable(bytes: &[u8]) -> Cow<'_, str> {
    let text = text::decode(bytes);
    if text.chars().any(|c| c.is_control() && c != '\t') {
        let clean = text.chars().map(|c| if c.is_control() && c != '\t' { ' ' } else { c });
        return Cow::Owned(clean.collect());
    }
    text
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Masks one line; whether it ended in a blob.
fn line(text: &str, out: &mut Out) -> bool {
    let tabs = text.contains('\t');
    let mut rest = text;
    let mut quoted = false;
    let mut blob_last = false;
    while !rest.is_empty() && !out.full() {
        let other = rest.bytes().take_while(|byte| !is_base64(*byte)).count();
        if other > 0 {
            let (plain, after) = rest.split_at(other);
            out.push(plain);
            (rest, quoted, blob_last) = (after, plain.trim_end().ends_with('"'), false);
            continue;
        }
        let run = rest.bytes().take_while(|byte| is_base64(*byte)).count();
        let (word, after) = rest.split_at(run);
        if run >= LONG_RUN {
            let padding = after.bytes().take_while(|byte| *byte == b'=').count();
            out.blob(run + padding);
            (rest, quoted, blob_last) = (after.get(padding..).unwrap_or_default(), false, true);
            continue;
        }
        out.push(word);
        // `C:1:SET OPTION ComKey=`: the word before the sign, whatever stands before that.
        let key = word.rsplit(['+', '/', '-']).next().unwrap_or_default();
        let class = Class::of(key);
        let found = if let Some((sign, value)) = assigned(after, '=') {
            Some((sign, value, end_of_value(value, tabs)))
        } else if let Some((sign, value)) = json_value(after).filter(|_| quoted) {
            Some((sign, value, if sign.ends_with('"') { end_of_text(value) } else { end_of_json(value) }))
        } else if class != Class::Plain
            && let Some((_, value)) = assigned(after, ':')
        {
            let value = value.trim_start();
            let (sign, value) = after.split_at(after.len() - value.len());
            Some((sign, value, end_of_value(value, tabs)))
        } else {
            None
        };
        (rest, quoted, blob_last) = (after, false, false);
        let Some((sign, value, end)) = found else { continue };
        out.push(sign);
        rest = value;
        if class != Class::Plain {
            let (value, after) = value.split_at(end);
            class.mask(key, value, out);
            blob_last = class == Class::Blob && !value.is_empty();
            rest = after;
        }
    }
    blob_last && rest.is_empty()
}

/// Where a value ends: at a TAB where there are any, else where the next `key=` begins behind a blank, comma, semicolon
/// or `&`.
fn end_of_value(value: &str, tabs: bool) -> usize {
    if tabs {
        return value.find('\t').unwrap_or(value.len());
    }
    let bytes = value.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let rest = bytes.get(at + 1..).unwrap_or_default();
        let ends = match byte {
            b' ' | b',' | b';' | b'&' => {
                let rest = rest.trim_ascii_start();
                let rest = rest.strip_prefix(b"~").unwrap_or(rest);
                let name =
                    rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
                name > 0 && rest.get(name) == Some(&b'=')
            }
            _ => false,
        };
        if ends {
            return at;
        }
    }
    bytes.len()
}

/// What follows a name, cut where its value begins. Where blanks stand before the sign, those behind it are no part of the
/// value either.
fn assigned(after: &str, sign: char) -> Option<(&str, &str)> {
    let behind = after.trim_start();
    let value = behind.strip_prefix(sign)?;
    let value = if behind.len() == after.len() { value } else { value.trim_start_matches(' ') };
    Some(after.split_at(after.len() - value.len()))
}

/// What follows a quoted name, cut where its value begins: a text's with its quote, a number's without.
fn json_value(after: &str) -> Option<(&str, &str)> {
    let behind = after.trim_start().strip_prefix('"')?.trim_start().strip_prefix(':')?.trim_start();
    let value = behind.strip_prefix('"').unwrap_or(behind);
    Some(after.split_at(after.len() - value.len()))
}

/// Where a JSON text ends: at its quote, or nowhere when it was cut.
fn end_of_text(value: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in value.bytes().enumerate() {
        match byte {
            b'"' if !escaped => return at,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    value.len()
}

/// Where any other JSON value ends; what holds values of its own is looked at one by one.
fn end_of_json(value: &str) -> usize {
    if value.starts_with(['[', '{']) || value.starts_with("null") {
        return 0;
    }
    value.find([',', '}', ']']).unwrap_or(value.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLENTY: usize = 100_000;

    fn shown(bytes: impl AsRef<[u8]>) -> String {
        body(bytes.as_ref(), false, PLENTY)
    }

    #[test]
    fn o1_bodies_are_masked() {
        let tmp = "TVpTUw".repeat(200);
        let table = [
            ("1001\t2026-07-06 08:58:11\t0\t15\t0\t0\t0\r\n", "1001\t2026-07-06 08:58:11\t0\t15\t0\t0\t0\n"),
            (
                "USER PIN=1003\tName=李四\tPri=0\tPasswd=4321\tCard=123456789\tGrp=1\tTZ=0000000100000000\n",
                "USER PIN=1003\tName=李四\tPri=0\tPasswd=‹secret›\tCard=•••••••89\tGrp=1\tTZ=0000000100000000\n",
            ),
            (
                "USER PIN=1\tPasswd=\tCard=[15CD5B07]\tViceCard=[0000000000]\tVerify=0",
                "USER PIN=1\tPasswd=\tCard=[••••••07]\tViceCard=[0000000000]\tVerify=0",
            ),
            (
                "user uid=2 cardno=8A1F22 pin=1002 password=12 34 group=1 name=王 privilege=14",
                "user uid=2 cardno=••••22 pin=1002 password=‹secret› group=1 name=王 privilege=14",
            ),
            ("user cardno=0\tpassword=\tidnum=12\tpin=1", "user cardno=0\tpassword=\tidnum=••\tpin=1"),
            (
                "FP PIN=1\tFID=6\tSize=8\tValid=1\tTMP=TVpTUw==\nFP PIN=2",
                "FP PIN=1\tFID=6\tSize=8\tValid=1\tTMP=‹8 bytes›\nFP PIN=2",
            ),
            (
                "BIOPHOTO PIN=1\tFileName=1.jpg\tContent=/9j/4AAQ==\tNo=0",
                "BIOPHOTO PIN=1\tFileName=1.jpg\tContent=‹10 bytes›\tNo=0",
            ),
            ("templatev10 size=4\ttemplate=AAECAw==\tpin=1", "templatev10 size=4\ttemplate=‹8 bytes›\tpin=1"),
            (
                "IDCARD PIN=1\tIDNum=110101199003071234\tPhoto=Qk0yAA",
                "IDCARD PIN=1\tIDNum=••••••••••••••••34\tPhoto=‹6 bytes›",
            ),
            ("C:7:SET OPTION ComKey=1234\n", "C:7:SET OPTION ComKey=‹secret›\n"),
            (
                "~DeviceName=Gate,MAC=00:17,authKey=abc,~OEMVendor=EXAMPLE CO., LTD.,ComPwd=9,BioPhoto=1,BioPhotoFun=1",
                "~DeviceName=Gate,MAC=00:17,authKey=‹secret›,~OEMVendor=EXAMPLE CO., LTD.,ComPwd=‹secret›,BioPhoto=1,BioPhotoFun=1",
            ),
            ("RegistryCode=Uy47fxftP3\nSessionID=30BF", "RegistryCode=‹secret›\nSessionID=‹secret›"),
            ("PublicKey=MIIB", "PublicKey=‹secret›"),
            ("ID=301&Return=0&CMD=DATA\n", "ID=301&Return=0&CMD=DATA\n"),
            (
                "PIN=1.jpg\nSN=1\nsize=3\nCMD=realupload\0\u{1}\u{2}\u{3}",
                "PIN=1.jpg\nSN=1\nsize=3\nCMD=realupload‹4 bytes›",
            ),
            (
                r#"{"user_id":"1001","user_name":"张三","enroll_data_array":[{"backup_number":10,"enroll_data":"1234"},{"backup_number":0,"enroll_data":"BIN_2"}],"user_photo":"/9j/"}"#,
                r#"{"user_id":"1001","user_name":"张三","enroll_data_array":[{"backup_number":10,"enroll_data":"‹4 bytes›"},{"backup_number":0,"enroll_data":"BIN_2"}],"user_photo":"‹4 bytes›"}"#,
            ),
            (
                r#"{"log_image":null,"password" : 1234,"token":"a\"b","supported_enroll_data":["FP","PASSWORD"],"password_enroll_time":"0"}"#,
                r#"{"log_image":null,"password" : ‹secret›,"token":"‹secret›","supported_enroll_data":["FP","PASSWORD"],"password_enroll_time":"0"}"#,
            ),
            ("a\u{1}b\u{7f}c", "a b c"),
        ];
        for (text, masked) in table {
            assert_eq!(shown(text), masked, "{text}");
        }
        // Under no name at all, and under one that nobody knows.
        for before in ["", "Unheard=", "1\t2026-07-06 08:58:11\t0\t", r#"{"unheard":""#] {
            assert_eq!(shown(format!("{before}{tmp}==\tx")), format!("{before}‹1202 bytes›\tx"));
        }
        assert_eq!(shown(format!("Tmp={tmp}\nTVpTUw==\nFP PIN=2")), "Tmp=‹1200 bytes›\n‹8 bytes›\nFP PIN=2");
        assert_eq!(
            shown(b"USER PIN=1\tName=\xc0\xee\xcb\xc4\tPasswd=1"),
            "USER PIN=1\tName=李四\tPasswd=‹secret›"
        );
    }

    #[test]
    fn o1_blanks_around_a_name_bare_nothing() {
        let table = [
            (
                "USER\tPIN=7\tName=x\tPasswd = SECRET 02\tCard =[0011CARD22]",
                "USER\tPIN=7\tName=x\tPasswd = ‹secret›\tCard =[••••••••22]",
            ),
            ("USER PIN=7\t PASSWD\u{a0}=\u{1}SECRET\tGrp=1", "USER PIN=7\t PASSWD\u{a0}= ‹secret›\tGrp=1"),
            ("USER PIN=7\t\tpasswd\t= SECRET\tGrp=1", "USER PIN=7\t\tpasswd\t= ‹secret›\tGrp=1"),
            // Without TABs a blank may be part of a secret, and so may a sign behind it.
            ("user pin=7 password = SECRET=2 group=1", "user pin=7 password = ‹secret› group=1"),
            ("user password = SECRET group = 1", "user password = ‹secret›"),
            ("user password  =   group=1", "user password  =   ‹secret›"),
            ("C:1:SET OPTION ComKey = SECRET", "C:1:SET OPTION ComKey = ‹secret›"),
            ("ComKey : SECRET", "ComKey : ‹secret›"),
            ("Tmp = TVpTUw==\tx", "Tmp = ‹8 bytes›\tx"),
            (r#"{"password" : "SECRET","a":1}"#, r#"{"password" : "‹secret›","a":1}"#),
            (r#"{" Password " :"SECRET"}"#, r#"{" Password " :"‹secret›"}"#),
            ("{\"password\"\t:\tSECRET}", "{\"password\"\t:\t‹secret›}"),
            ("Passwd=\tCard = 5", "Passwd=\tCard = •"),
            ("user uid=2 password= group=1", "user uid=2 password= group=1"),
        ];
        for (text, masked) in table {
            assert_eq!(shown(text), masked, "{text}");
        }
        assert_eq!(pair(" ComPwd\t", "x"), " ComPwd\t=‹secret›");
        assert!(is_secret(" authKey "));
        assert_eq!(headers(b" Token : x\r\n", PLENTY), " Token : ‹secret›");
        assert_eq!(
            target(b"/iclock/cdata?SN=A1& Card =12345&%20ComKey%20=x&p%61sswd=x&Com%4bey=x", PLENTY),
            "/iclock/cdata?SN=A1& Card =•••45&%20ComKey%20=‹secret›&p%61sswd=‹secret›&Com%4bey=‹secret›"
        );
    }

    #[test]
    fn o1_o3_a_kept_query_holds_no_secret() {
        let tmp = "TVpTUw".repeat(20);
        for (text, masked) in [
            ("SN=A1&tablename=user&passwd=4321&count=2", "SN=A1&tablename=user&passwd=‹secret›&count=2"),
            ("", ""),
            ("SN=A1&x", "SN=A1&x"),
        ] {
            assert_eq!(query(text.as_bytes()), masked);
        }
        assert_eq!(query(format!("x={tmp}").as_bytes()), "x=‹120 bytes›");
        assert!(query("x=李&".repeat(2000).as_bytes()).len() <= LONGEST_QUERY + '…'.len_utf8());
    }

    #[test]
    fn o1_fk_blobs_are_masked_whatever_block_they_are_in() {
        let mut whole = vec![0x10, 0, 0, 0];
        whole.extend_from_slice(br#"{"user_id":"1"}"#);
        whole.extend_from_slice(b"\0\x04\0\0\0\xff\xd8\xff\xe0");
        assert_eq!(body(&whole, true, PLENTY), r#"‹4 bytes›{"user_id":"1"}‹9 bytes›"#);
        assert_eq!(body(b"template bytes without a zero", true, PLENTY), "‹29 bytes›");
        assert_eq!(body(b"{\"a\":1}\0", true, PLENTY), "{\"a\":1}‹1 bytes›");
        // Cut in the middle of a value that is a blob.
        assert_eq!(body(br#"{"enroll_data":"TVpT"#, true, PLENTY), r#"{"enroll_data":"‹4 bytes›"#);
        assert_eq!(body(b"result=OK", true, PLENTY), "result=OK");
    }

    #[test]
    fn o1_targets_and_headers_are_masked() {
        let table = [
            (
                "/iclock/cdata?SN=A1&pushcommkey=4a9594&ComKey=1&options=all&pushver=2.4.1",
                "/iclock/cdata?SN=A1&pushcommkey=‹secret›&ComKey=‹secret›&options=all&pushver=2.4.1",
            ),
            ("/iclock/getrequest?SN=A1&INFO=Ver 8.0, 17,-1", "/iclock/getrequest?SN=A1&INFO=Ver 8.0, 17,-1"),
            (
                "/iclock/cdata?SN=A1&AuthType=PWD&PIN=1&passwd=1",
                "/iclock/cdata?SN=A1&AuthType=PWD&PIN=1&passwd=‹secret›",
            ),
            (
                "/iclock/cdata?SN=A1&AuthType=CARD&CardNo=123456",
                "/iclock/cdata?SN=A1&AuthType=CARD&CardNo=••••56",
            ),
            ("/", "/"),
        ];
        for (text, masked) in table {
            assert_eq!(target(text.as_bytes(), PLENTY), masked);
        }
        assert_eq!(
            headers(
                b"Host: 10.0.0.1:8083\r\nCookie: token=2a28; timestamp=\r\nAuthorization: Basic YTpi\r\ntoken_id: 7\r\ndev_id: C26\r\n\r\n",
                PLENTY
            ),
            "Host: 10.0.0.1:8083\nCookie: token=‹secret›; timestamp=\nAuthorization: ‹secret›\ntoken_id: ‹secret›\ndev_id: C26"
        );
    }

    #[test]
    fn o1_options_are_masked_by_their_names() {
        for (key, value, shown) in [
            ("DeviceName", "FaceClock 7", "DeviceName=FaceClock 7"),
            ("authKey", "x1", "authKey=‹secret›"),
            ("ComPwd", "", "ComPwd="),
            ("MultiBioVersion", "0:13.0", "MultiBioVersion=0:13.0"),
        ] {
            assert_eq!(pair(key, value), shown);
        }
    }

    #[test]
    fn o1_what_is_kept_is_bounded_and_a_cut_bares_nothing() {
        let text = format!("Name={}\tPasswd=4321", "李".repeat(3000));
        let cut = body(text.as_bytes(), false, 100);
        assert!(cut.len() <= 100 + '…'.len_utf8() && cut.ends_with("李…"), "{cut}");
        let long = format!("{}{}", "PIN=1\tPasswd=4321\tCard=123456789\n".repeat(60), "?".repeat(1_000_000));
        for most in 100..140 {
            let cut = body(long.as_bytes(), false, most);
            assert!(!cut.contains("4321") && !cut.contains("123") && !cut.contains("•45"), "{cut}");
        }
        for most in 0..60 {
            let cut = body(b"USER PIN=1\tPasswd=4321\tCard=123456789\tTMP=TVpTUw==", false, most);
            assert!(!cut.contains("4321") && !cut.contains("123456") && !cut.contains("TVpT"), "{cut}");
        }
    }

    #[test]
    fn o3_a_line_that_is_set_aside_holds_no_password() {
        let aside = |line: &str| set_aside(line.as_bytes()).map(|line| String::from_utf8(line).unwrap());
        assert_eq!(aside("1001\t2026-07-06 25:58:11\t0"), None);
        assert_eq!(aside("Pin=7\tTime=never"), None);
        let line = "USER PIN=7\tName=李四\tPasswd=4321";
        assert_eq!(aside(line).as_deref(), Some("USER PIN=7\tName=李四\tPasswd=‹secret›"));
    }

    #[test]
    fn o1_a_secret_stands_on_another_line_than_its_name() {
        for text in ["{\"password\":\n\"4321\",\n \"user_id\": 7}", "[{\"pwd\"\n:\r\n  4321 }]"] {
            let shown = shown(text);
            assert!(!shown.contains("4321") && shown.contains(SECRET), "{shown}");
        }
    }

    proptest! {
        #[test]
        fn o1_no_long_run_of_base64_survives(bytes in prop::collection::vec(any::<u8>(), 0..40), run in "[A-Za-z0-9+/]{40,90}", fk: bool) {
            let mut all = bytes.clone();
            all.extend_from_slice(run.as_bytes());
            all.extend_from_slice(&bytes);
            prop_assert!(!body(&all, fk, PLENTY).contains(&run));
            prop_assert!(!headers(&all, PLENTY).contains(&run));
        }

        #[test]
        fn o1_no_secret_survives_its_name(
            before in "[ -~\\t\\n李]{0,30}",
            key in "Passwd|password|PWD|ComKey|pushcommkey|authKey|token|TMP|Template|Content|enroll_data",
            sign in " {0,2}= {0,2}",
            secret in "[!-+./:-\\[\\]-~]{6,30}",
            after in "[\\t\\n][ -~\\t\\n]{0,30}",
        ) {
            prop_assume!(!before.contains(&secret) && !after.contains(&secret) && !secret.starts_with("BIN_"));
            let text = format!("{before}\t{key}{sign}{secret}{after}");
            prop_assert!(!shown(&text).contains(&secret), "{}", shown(&text));
        }
    }
}
