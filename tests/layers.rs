//! The house rules that no lint checks: imports point down, files stay short, nothing comes from the air.
//!
//! Reads the sources as tokens, with comments and literals left out, so that a path is found wherever it stands: in a
//! `use` group, in an expression, in `#[cfg(test)]`, in a macro. The standard library alone is used.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The layers, lowest first. A file imports from its own layer and from those before it.
const LAYERS: [&str; 28] = [
    "vector",
    "oid",
    "time",
    "digest",
    "budget",
    "encoding",
    "codes",
    "crypto",
    "merkle",
    "document",
    "x509",
    "cms",
    "tsp",
    "jws",
    "jades",
    "batch",
    "ers",
    "register",
    "status",
    "journal",
    "policy",
    "report",
    "validation",
    "sign",
    "verify",
    "issue",
    "pki",
    "bulk",
];

/// The most lines of one file, its tests not counted.
const MAX_LINES: usize = 400;

/// Path prefixes that would read a clock, the environment, a file or the network (threat T29).
const FROM_THE_AIR: [&str; 5] = ["std::fs", "std::net", "std::env", "std::process", "std::os"];

/// Names that do so however they are reached; a clock is read by `now`.
const AIR_NAMES: [&str; 8] = ["SystemTime", "UNIX_EPOCH", "now_utc", "now_local", "sleep", "stdin", "stdout", "stderr"];

/// Macros that write to the process's own output.
const AIR_MACROS: [&str; 5] = ["println", "eprintln", "print", "eprint", "dbg"];

/// The one place with randomness of its own: `ring`'s generator is sealed, so no caller can pass another.
const RANDOM: (&str, &str) = ("SystemRandom", "crypto/software_key");

#[test]
fn the_sources_keep_the_rules() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &root, &mut files)?;
    files.sort();
    assert!(files.iter().any(|(path, _)| path == "lib.rs"), "no src/lib.rs among {} files", files.len());
    let mut found: Vec<String> = files.iter().flat_map(|(path, source)| violations(path, source)).collect();
    found.extend(undeclared_tests(&files));
    assert!(found.is_empty(), "{} violations:\n{}", found.len(), found.join("\n"));
    Ok(())
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path: PathBuf = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.push((name, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// What is wrong with the file at `path`, given from `src/`.
fn violations(path: &str, source: &str) -> Vec<String> {
    let mut found = Vec::new();
    if path.ends_with("mod.rs") {
        found.push(format!("src/{path}: write foo.rs and foo/, not mod.rs"));
    }
    let lines = lines_without_tests(path, source);
    if lines > MAX_LINES {
        found.push(format!("src/{path}: {lines} lines without tests, at most {MAX_LINES}"));
    }
    let module = module_of(path);
    let own = module.first().map(String::as_str);
    if let Some(layer) = own.filter(|layer| rank(layer).is_none()) {
        found.push(format!("src/{path}: `{layer}` is not a layer"));
    }
    let tokens = tokenize(source);
    for (line, reached) in paths(&tokens, &module) {
        let complaint = match (reached.first().map(String::as_str), own) {
            (Some("crate"), Some(own)) => points_down(own, reached.get(1).map(String::as_str)),
            (Some("crate"), None) => None,
            _ => from_the_air(&reached),
        };
        found.extend(complaint.map(|text| format!("src/{path}:{line}: {}: {text}", reached.join("::"))));
    }
    for (position, token) in tokens.iter().enumerate() {
        let name = token.text.as_str();
        let next = text_at(&tokens, position + 1);
        let reads_clock = name == "Instant" && next == "::" && text_at(&tokens, position + 2) == "now";
        if AIR_NAMES.contains(&name) || reads_clock || (AIR_MACROS.contains(&name) && next == "!") {
            found.push(format!("src/{path}:{}: `{name}`: no I/O, no clock", token.line));
        }
        if name == RANDOM.0 && !path.starts_with(RANDOM.1) {
            found.push(format!("src/{path}:{}: `{}`: only in src/{}", token.line, RANDOM.0, RANDOM.1));
        }
        if name == "extern" && next == "crate" {
            found.push(format!("src/{path}:{}: no extern crate", token.line));
        }
    }
    found
}

fn rank(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|name| *name == layer)
}

/// Why a file of layer `own` may not name `crate::reached`.
fn points_down(own: &str, reached: Option<&str>) -> Option<String> {
    let Some(reached) = reached else { return Some("the crate root is not a layer".to_owned()) };
    match (rank(own), rank(reached)) {
        (_, None) => Some(format!("`{reached}` is not a layer")),
        (Some(from), Some(to)) if to > from => Some(format!("`{own}` may not import from `{reached}`, above it")),
        _ => None,
    }
}

fn from_the_air(reached: &[String]) -> Option<String> {
    let whole = reached.join("::");
    let hit = FROM_THE_AIR
        .iter()
        .any(|prefix| whole.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with("::")));
    (hit || whole == "std" || whole == "std::*").then(|| "no I/O, clock or environment".to_owned())
}

/// `x509/path.rs` is the module `x509::path`; `lib.rs` is the root.
fn module_of(path: &str) -> Vec<String> {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    if stem == "lib" { Vec::new() } else { stem.split('/').map(str::to_owned).collect() }
}

/// Lines before a `#[cfg(test)] mod tests { .. }` that ends the file; a `tests.rs` is all tests.
fn lines_without_tests(path: &str, source: &str) -> usize {
    if path.ends_with("/tests.rs") {
        return 0;
    }
    let lines: Vec<&str> = source.lines().collect();
    let starts = lines.windows(2).position(|pair| pair == ["#[cfg(test)]", "mod tests {"]);
    match starts {
        Some(start) if lines.iter().skip(start).position(|line| *line == "}") == Some(lines.len() - start - 1) => start,
        _ => lines.len(),
    }
}

/// Files named `tests.rs` that their parent does not declare as tests.
fn undeclared_tests(files: &[(String, String)]) -> Vec<String> {
    let declares =
        |parent: &str| files.iter().any(|(path, source)| path == parent && source.contains("#[cfg(test)]\nmod tests;"));
    files
        .iter()
        .filter_map(|(path, _)| path.strip_suffix("/tests.rs"))
        .filter(|parent| !declares(&format!("{parent}.rs")))
        .map(|parent| format!("src/{parent}/tests.rs: src/{parent}.rs does not declare it under #[cfg(test)]"))
        .collect()
}

struct Token {
    text: String,
    line: usize,
}

fn text_at(tokens: &[Token], position: usize) -> &str {
    tokens.get(position).map_or("", |token| &token.text)
}

/// Names, `::` and single signs; comments, strings, characters, lifetimes and numbers are left out.
fn tokenize(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = source;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let (length, kept) = next_token(rest, first);
        let (text, after) = rest.split_at(length);
        if kept {
            tokens.push(Token { text: text.strip_prefix("r#").unwrap_or(text).to_owned(), line });
        }
        line += text.matches('\n').count();
        rest = after;
    }
    tokens
}

/// How many octets the next token of `rest` takes, and whether it matters.
fn next_token(rest: &str, first: char) -> (usize, bool) {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let name = |text: &str| text.find(|c| !is_name(c)).unwrap_or(text.len());
    let until = |from: usize, end: &str| {
        rest.get(from..).and_then(|text| text.find(end)).map_or(rest.len(), |at| from + at + end.len())
    };
    if rest.starts_with("//") {
        return (until(2, "\n"), false);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), false);
    }
    if let Some(length) = string_literal(rest) {
        return (length, false);
    }
    if first == '\'' {
        let mut following = rest.chars().skip(1);
        let inner = following.next().unwrap_or('\'');
        return match following.next() {
            _ if inner == '\\' => (until(3, "'"), false),
            Some('\'') => (2 + inner.len_utf8(), false),
            _ => (1 + rest.get(1..).map_or(0, name), false),
        };
    }
    if let Some(raw) = rest.strip_prefix("r#") {
        return (2 + name(raw), true);
    }
    if is_name(first) {
        return (name(rest), !first.is_ascii_digit());
    }
    if rest.starts_with("::") { (2, true) } else { (first.len_utf8(), !first.is_whitespace()) }
}

/// The length of a nested block comment.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut position = 0;
    while let Some(text) = rest.get(position..).filter(|text| !text.is_empty()) {
        if text.starts_with("/*") {
            depth += 1;
            position += 2;
        } else if text.starts_with("*/") {
            depth -= 1;
            position += 2;
            if depth == 0 {
                break;
            }
        } else {
            position += text.chars().next().map_or(1, char::len_utf8);
        }
    }
    position.min(rest.len())
}

/// The length of a string literal of any kind at the start of `rest`.
fn string_literal(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "r", "b", "c", ""]
        .into_iter()
        .find(|prefix| rest.strip_prefix(prefix).is_some_and(|after| after.trim_start_matches('#').starts_with('"')))?;
    let after = rest.get(prefix.len()..)?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let opened = prefix.len() + hashes + 1;
    if prefix.ends_with('r') {
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(rest.get(opened..)?.find(&end).map_or(rest.len(), |at| opened + at + end.len()));
    }
    if hashes > 0 {
        return None;
    }
    let mut escaped = false;
    for (position, c) in rest.char_indices().skip(opened) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(position + 1),
            _ => {}
        }
    }
    Some(rest.len())
}

/// Every path that starts at `crate`, `self`, `super` or `std`, with the line it stands on; the first three are given
/// from the crate root and only when they leave the file's layer. `module` is the file's module.
fn paths(tokens: &[Token], module: &[String]) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut scope = module.to_vec();
    let mut depth = 0_usize;
    let mut inline: Vec<usize> = Vec::new();
    for (position, token) in tokens.iter().enumerate() {
        match token.text.as_str() {
            "{" => {
                depth += 1;
                if position >= 2 && text_at(tokens, position - 2) == "mod" {
                    scope.push(text_at(tokens, position - 1).to_owned());
                    inline.push(depth);
                }
            }
            "}" => {
                if inline.last() == Some(&depth) {
                    inline.pop();
                    scope.pop();
                }
                depth = depth.saturating_sub(1);
            }
            "crate" | "self" | "super" | "std" => {
                let before = position.checked_sub(1).map_or("", |before| text_at(tokens, before));
                let starts = before != "::" || position.checked_sub(2).is_none_or(|p| !is_segment(text_at(tokens, p)));
                let next = text_at(tokens, position + 1);
                if starts && (next == "::" || next == "as") {
                    let mut reached = Vec::new();
                    path_tree(tokens, position, &start_of(&scope), &mut reached);
                    found.extend(reached);
                }
            }
            _ => {}
        }
    }
    found.retain(|(_, path)| match path.first().map(String::as_str) {
        Some("crate") => path.get(1) != module.first() || path.get(1).is_none(),
        first => first == Some("std"),
    });
    found
}

fn is_segment(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && !matches!(text, "use" | "in" | "pub" | "return")
}

fn start_of(scope: &[String]) -> Vec<String> {
    std::iter::once("crate".to_owned()).chain(scope.iter().cloned()).collect()
}

/// Reads one path or group at `position`, below `base`, into `reached`; gives the position after it.
fn path_tree(tokens: &[Token], position: usize, base: &[String], reached: &mut Vec<(usize, Vec<String>)>) -> usize {
    let Some(token) = tokens.get(position) else { return position };
    let mut here = base.to_vec();
    match token.text.as_str() {
        "{" => {
            let mut next = position + 1;
            while !matches!(text_at(tokens, next), "}" | "") {
                let after = path_tree(tokens, next, base, reached);
                // A comma, or a sign that is no path: either way go on behind it.
                next = if text_at(tokens, after) == "," || after == next { after + 1 } else { after };
            }
            return next + 1;
        }
        "crate" => here = vec!["crate".to_owned()],
        "std" if base.first().is_some_and(|first| first == "crate") => here = vec!["std".to_owned()],
        "super" => {
            here.pop();
        }
        "self" => {}
        name => here.push(name.to_owned()),
    }
    let mut next = position + 1;
    if text_at(tokens, next) == "::"
        && (is_segment(text_at(tokens, next + 1)) || matches!(text_at(tokens, next + 1), "{" | "*"))
    {
        return path_tree(tokens, next + 1, &here, reached);
    }
    reached.push((token.line, here));
    while text_at(tokens, next) == "as" {
        next += 2;
    }
    next
}

#[cfg(test)]
mod rules {
    use super::{AIR_MACROS, AIR_NAMES, FROM_THE_AIR, LAYERS, undeclared_tests, violations};

    /// Asserts that `source` at `path` breaks exactly one rule, with this message.
    fn breaks(path: &str, source: &str, message: &str) {
        assert_eq!(violations(path, source), [message.to_owned()], "{source}");
    }

    fn keeps(path: &str, source: &str) {
        assert_eq!(violations(path, source), Vec::<String>::new(), "{source}");
    }

    #[test]
    fn a_path_up_is_found_wherever_it_stands() {
        let up = |line: usize, rest: &str| {
            format!("src/x509/path.rs:{line}: crate::tsp{rest}: `x509` may not import from `tsp`, above it")
        };
        breaks("x509/path.rs", "use crate::tsp::Token;", &up(1, "::Token"));
        breaks("x509/path.rs", "use crate::{oid::Oid, tsp::{self as t}};", &up(1, ""));
        breaks("x509/path.rs", "use crate::{tsp::Token as T, x509::{A, B}};", &up(1, "::Token"));
        breaks("x509/path.rs", "pub(crate) use crate::{\n    oid,\n    tsp::Token,\n};", &up(3, "::Token"));
        breaks("x509/path.rs", "fn f() {\n    crate::tsp::read(b\"\")\n}", &up(2, "::read"));
        breaks("x509/path.rs", "use super::super::tsp::Token;", &up(1, "::Token"));
        breaks("x509/path.rs", "use super::{name, super::tsp::Token};", &up(1, "::Token"));
        breaks("x509/path.rs", "#[cfg(test)]\nmod tests {\n    use super::super::super::tsp::A;\n}", &up(3, "::A"));
        breaks("x509/path.rs", "macro_rules! m { () => { $crate::tsp::A } }", &up(1, "::A"));
        breaks("x509/path.rs", "type A = <B as ::std::ops::Add<crate::tsp::C>>::D;", &up(1, "::C"));
    }

    #[test]
    fn every_pair_of_layers_points_down_only() {
        for (from, own) in LAYERS.iter().enumerate() {
            for (to, reached) in LAYERS.iter().enumerate() {
                let found = violations(&format!("{own}.rs"), &format!("use crate::{reached}::A;"));
                assert_eq!(found.is_empty(), to <= from, "{own} -> {reached}: {found:?}");
            }
        }
    }

    #[test]
    fn paths_down_and_inside_are_kept() {
        keeps("x509.rs", "use crate::encoding::der;\nuse crate::{oid::Oid, crypto::{self, PublicKey}};\npub mod path;");
        keeps("x509/path.rs", "use super::{Certificate, name::Name};\nuse crate::x509::entity;\nuse self::checks::a;");
        keeps("x509/path.rs", "mod inner { use super::A; use super::super::B; }\nuse super::C;");
        keeps(
            "x509/path.rs",
            "// use crate::tsp::A;\n/* crate::tsp /* b */ */ /// [`crate::tsp`]\nconst A: &str = \"crate::tsp\";",
        );
        keeps(
            "x509/path.rs",
            "const A: &str = r#\"\" crate::tsp \"#; const B: char = '\"'; fn f<'a>(_: &'a u8) {} // '\"'",
        );
        keeps("lib.rs", "pub use crate::issue::Issuer;\npub mod bulk;");
    }

    #[test]
    fn the_root_and_what_is_no_layer_cannot_be_imported() {
        breaks("tsp.rs", "use crate::Issuer;", "src/tsp.rs:1: crate::Issuer: `Issuer` is not a layer");
        breaks("tsp.rs", "use super::*;", "src/tsp.rs:1: crate::*: `*` is not a layer");
        breaks("tsp.rs", "use crate as all;", "src/tsp.rs:1: crate: the crate root is not a layer");
        breaks("tsp.rs", "use crate::{self as all};", "src/tsp.rs:1: crate: the crate root is not a layer");
        breaks("tsp.rs", "extern crate self as all;", "src/tsp.rs:1: no extern crate");
        breaks("utils.rs", "", "src/utils.rs: `utils` is not a layer");
        breaks("tsp/mod.rs", "", "src/tsp/mod.rs: write foo.rs and foo/, not mod.rs");
    }

    #[test]
    fn a_long_file_is_found_and_its_tests_are_not_counted() {
        let code = "//\n".repeat(400);
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "    //\n".repeat(400));
        keeps("tsp.rs", &format!("{code}{tests}"));
        breaks("tsp.rs", &format!("{code}//\n{tests}"), "src/tsp.rs: 401 lines without tests, at most 400");
        breaks("tsp.rs", &format!("{tests}//\n"), "src/tsp.rs: 404 lines without tests, at most 400");
        breaks("lib.rs", &"\n".repeat(401), "src/lib.rs: 401 lines without tests, at most 400");
    }

    #[test]
    fn a_file_of_tests_is_declared_as_one() {
        let file = |path: &str, source: &str| (path.to_owned(), source.to_owned());
        let declared = [file("tsp.rs", "#[cfg(test)]\nmod tests;\n"), file("tsp/tests.rs", "")];
        assert_eq!(undeclared_tests(&declared), Vec::<String>::new());
        let code = [file("tsp.rs", "mod tests;\n"), file("tsp/tests.rs", "")];
        assert_eq!(undeclared_tests(&code), ["src/tsp/tests.rs: src/tsp.rs does not declare it under #[cfg(test)]"]);
    }

    #[test]
    fn nothing_comes_from_the_air() {
        for path in FROM_THE_AIR {
            let (parent, name) = path.rsplit_once("::").unwrap();
            for source in
                [format!("use {path};"), format!("use {parent}::{{fmt, {name}}};"), format!("let a = ::{path}::b();")]
            {
                assert!(!violations("tsp.rs", &source).is_empty(), "{source}");
                assert!(!violations("lib.rs", &source).is_empty(), "{source}");
            }
        }
        for name in AIR_MACROS {
            let message = format!("src/tsp.rs:1: `{name}`: no I/O, no clock");
            breaks("tsp.rs", &format!("{name}!(\"a\");"), &message);
            keeps("tsp.rs", &format!("codes::{name}();"));
        }
        for name in AIR_NAMES {
            assert_eq!(violations("tsp.rs", name), [format!("src/tsp.rs:1: `{name}`: no I/O, no clock")]);
        }
        breaks("tsp.rs", "use std::time;\nlet a = time::Instant::now();", "src/tsp.rs:2: `Instant`: no I/O, no clock");
        breaks("tsp.rs", "use std as s;", "src/tsp.rs:1: std: no I/O, clock or environment");
        breaks(
            "tsp.rs",
            "use ring::rand::SystemRandom;",
            "src/tsp.rs:1: `SystemRandom`: only in src/crypto/software_key",
        );
        keeps("crypto/software_key.rs", "use ring::rand::SystemRandom;");
        keeps("tsp.rs", "use std::{fmt, time::Duration};\nuse std::env_logger;\nuse crate::time::Instant;");
    }
}
