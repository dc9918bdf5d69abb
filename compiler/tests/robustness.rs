//! No text, however long, deep or senseless, makes the front end panic, overflow the stack or take long.

// Clippy knows `#[test]` functions, not their helpers.
#![allow(clippy::unwrap_used)]

mod support;

use cpu_time::ThreadTime;
use pdec_compiler::hir::{self, Overrides};
use pdec_compiler::source::Source;
use pdec_compiler::syntax::{format, parse, parse_setting, print};
use proptest::prelude::*;
use std::time::Duration;
use support::{compile, files, read, render};

/// A problem with this right side.
fn problem(right: &str) -> Source {
    Source::new(
        "large.pde",
        format!(
            "coord x in [0, 1]\nfield u(x)\nlet f(w) = w^2\non x = 0, x = 1: u = 0\neq u_xx = {right}\n"
        ),
    )
}

/// Compiles and prints, in no more than a few seconds of this thread.
fn compiles_soon(source: &Source) -> String {
    let start = ThreadTime::now();
    let document = parse(source).unwrap();
    let text = print(&document);
    let (problem, _) = hir::resolve(source, &document, &Overrides::new())
        .map_err(|errors| render(source, &errors[0]))
        .unwrap();
    let _ = (
        hir::print(&problem),
        pdec_compiler::latex::latex(&document, &problem),
        format(source),
    );
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "took {:?}",
        start.elapsed()
    );
    text
}

fn first_error(source: &Source) -> String {
    compile(source).unwrap_err()[0].name.to_owned()
}

#[test]
fn long_sums() {
    let terms = vec!["2*sin(x)*u"; 100_000];
    let text = compiles_soon(&problem(&terms.join(" + ")));
    assert_eq!(text.matches("sin").count(), 100_000);
}

#[test]
fn long_sums_of_calls() {
    compiles_soon(&problem(&vec!["f(u_x)"; 50_000].join(" - ")));
}

#[test]
fn many_signs_and_powers() {
    compiles_soon(&problem(&format!("{}u", "-".repeat(3_000))));
    compiles_soon(&problem(&vec!["u"; 3_000].join("^")));
    compiles_soon(&problem(&vec!["u"; 3_000].join("^-")));
}

#[test]
fn nested_brackets() {
    let nested = |open: &str, close: &str, depth| {
        problem(&format!("{}u{}", open.repeat(depth), close.repeat(depth)))
    };
    for (open, close) in [
        ("(", ")"),
        ("|", "|"),
        ("sin(", ")"),
        ("d(", ", x)"),
        ("f(-", ")"),
    ] {
        if open != "f(-" {
            compiles_soon(&nested(open, close, if open == "d(" { 1 } else { 256 }));
        }
        assert_eq!(
            first_error(&nested(open, close, 5_000)),
            "too-deeply-nested"
        );
    }
    compiles_soon(&nested("f(-", ")", 200));
    let list = format!("train.points = {}1{}", "[".repeat(5_000), "]".repeat(5_000));
    assert_eq!(
        parse_setting(&Source::new("set", list)).unwrap_err()[0].name,
        "too-deeply-nested"
    );
}

/// Reads and prints in no more than a few seconds even on a busy machine.
fn reads_soon(right: &str) {
    let start = ThreadTime::now();
    let source = problem(right);
    let text =
        print(&parse(&source).unwrap_or_else(|errors| panic!("{}", render(&source, &errors[0]))));
    assert_eq!(
        print(&parse(&Source::new("again", text.as_str())).unwrap()),
        text
    );
    assert!(format(&source).is_ok());
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "took {:?}",
        start.elapsed()
    );
}

#[test]
fn long_chains_without_brackets() {
    for depth in [1_000, 10_000] {
        let repeat = |part: &str| part.repeat(depth);
        reads_soon(&format!("{}u", repeat("∇")));
        reads_soon(&format!("{}u", repeat("∇·∇")));
        reads_soon(&format!("{}u", repeat("∂_x ")));
        reads_soon(&format!("{}u", repeat("(u·∇)")));
        reads_soon(&format!("u{}", repeat(".x")));
        reads_soon(&format!("u{}", repeat("[1]")));
        reads_soon(&format!("u{}", repeat("·u²")));
        reads_soon(&format!("u{}", repeat(" union u")));
        reads_soon(&format!("f(u{})", repeat(" < u")));
        reads_soon(&format!("f(u{})", repeat(", u = 1[m/s]")));
        reads_soon(&format!("1[m{}]", repeat("*s^(1/2)")));
    }
}

#[test]
fn chains_that_are_refused() {
    for (open, close) in [
        ("u[", "]"),
        ("(1, ", ")"),
        ("f(a = ", ")"),
        ("∇(", ")"),
        ("(u·∇)(", ")"),
        ("f(u < ", ")"),
    ] {
        for depth in [300, 1_000, 20_000] {
            let source = problem(&format!("{}u{}", open.repeat(depth), close.repeat(depth)));
            assert_eq!(first_error(&source), "too-deeply-nested", "{open}");
        }
        let source = problem(&format!("{}u{}", open.repeat(250), close.repeat(250)));
        assert!(parse(&source).is_ok(), "{open}");
    }
    let nested = |depth: usize| format!("1[{}m{}]", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(first_error(&problem(&nested(1_000))), "too-deeply-nested");
    assert!(parse(&problem(&nested(250))).is_ok());
    for wrong in [
        "u²²⁻¹".repeat(5_000),
        format!("u{}", "²".repeat(10_000)),
        "∇u^".repeat(5_000) + "u",
        "∂_x u*".repeat(5_000) + "u",
        "∂u/∂t ".repeat(5_000),
    ] {
        let start = ThreadTime::now();
        let errors = parse(&problem(&wrong)).unwrap_err();
        assert!(!errors.is_empty());
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "took {:?}",
            start.elapsed()
        );
    }
}

/// Brackets are limited to a depth of 256, signs and powers are not: a thousand of each gives an answer.
#[test]
fn a_depth_of_a_thousand_gives_an_answer() {
    for (open, close) in [
        ("(", ")"),
        ("|", "|"),
        ("sin(", ")"),
        ("d(", ", x)"),
        ("-", ""),
        ("2^", ""),
        ("", "²"),
        ("∇·∇", ""),
        ("∂_x ", ""),
        ("grad(", ")"),
        ("if(", " < 1, 2, 3)"),
        ("(1, ", ")"),
        ("u[", "]"),
    ] {
        let start = ThreadTime::now();
        let source = problem(&format!("{}u{}", open.repeat(1_000), close.repeat(1_000)));
        check_spans(&source);
        let _ = format(&source);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(20), "{open} took {took:?}");
    }
}

#[test]
fn many_definitions_that_use_each_other() {
    let chain: String = (1..20_000)
        .map(|i| format!("let a{i} = a{} + 1\n", i - 1))
        .collect();
    let source = problem("a19999");
    compiles_soon(&Source::new(
        "chain",
        format!("{}\n{chain}let a0 = 1", source.text),
    ));
    let calls: String = (1..2_000)
        .map(|i| format!("let g{i}(w) = g{}(w) + 1\n", i - 1))
        .collect();
    let source = problem("g1999(u)");
    compiles_soon(&Source::new(
        "calls",
        format!("{}\n{calls}let g0(w) = w", source.text),
    ));
}

#[test]
fn broken_files_are_refused_soon() {
    for line in [
        "eq u_t = ",
        "eq u_t = sin(",
        "feild u(x, t)",
        "coord x in [0, 1",
        "))))",
        "u u u u",
        "\"text",
    ] {
        let start = ThreadTime::now();
        let source = Source::new("broken.pde", format!("{line}\n").repeat(20_000));
        assert!(!parse(&source).unwrap_err().is_empty());
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{line} took {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn every_beginning_of_a_file_is_read_or_explained() {
    for path in files("lowering").iter().chain(&files("errors")) {
        let source = read(path);
        if source.text.len() > 600 {
            continue;
        }
        for (end, _) in source.text.char_indices() {
            check_spans(&Source::new("beginning", &source.text[..end]));
        }
    }
}

#[test]
fn settings_of_the_command_line() {
    let read = |text: &str| parse_setting(&Source::new("set", text));
    let setting = read("train.network=mlp(width = 32)").unwrap();
    assert_eq!(setting.name.text, "train.network");
    assert_eq!(read("nu = 0.02").unwrap().name.text, "nu");
    assert_eq!(read("nu = -1e-3").unwrap().value.span.start, 5);
    for wrong in [
        "",
        "nu",
        "nu =",
        "= 1",
        "nu = 1 2",
        "nu = [1",
        "train. = 1",
        "nu = 1e999",
        "a = b c",
    ] {
        let source = Source::new("set", wrong);
        for error in read(wrong).unwrap_err() {
            let _ = render(&source, &error);
        }
    }
}

/// Compiles any text; every place in every message must lie in the text.
fn check_spans(source: &Source) {
    let Err(errors) = compile(source) else { return };
    assert!(!errors.is_empty());
    for error in errors {
        let _ = render(source, &error);
        let spans = error.secondary.iter().map(|label| label.span);
        let edit = error.edit.as_ref().map(|edit| edit.span);
        for span in spans.chain([error.primary.span]).chain(edit) {
            assert!(
                source.text.get(span.range()).is_some(),
                "{}: {span}",
                error.message
            );
        }
    }
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        check_spans(&Source::new("bytes", text.clone()));
        let _ = parse_setting(&Source::new("bytes", text));
    }

    #[test]
    fn any_words(words in proptest::collection::vec(proptest::sample::select(WORDS.to_vec()), 0..60)) {
        let text = words.concat();
        check_spans(&Source::new("words", text.clone()));
        let source = Source::new("words", text);
        if let Ok(document) = parse(&source) {
            let once = print(&document);
            let again = parse(&Source::new("again", once.clone()));
            prop_assert!(again.is_ok(), "{once}");
            prop_assert_eq!(print(&again.unwrap()), once);
        }
    }

    #[test]
    fn a_correct_file_with_one_character_changed(at in 0usize..300, replacement in any::<char>()) {
        let files = files("lowering");
        for path in files {
            let source = read(&path);
            let mut characters: Vec<char> = source.text.chars().collect();
            let length = characters.len();
            characters[at % length] = replacement;
            check_spans(&Source::new("changed", characters.into_iter().collect::<String>()));
        }
    }
}

const WORDS: [&str; 101] = [
    "coord x in [0, 1]\n",
    "time t in [0, 1]\n",
    "field u(x, t)\n",
    "eq u_t = u_xx\n",
    "initial u = 0\n",
    "on x = 0, x = 1: u = 0\n",
    "periodic x\n",
    "let f(w) = w^2\n",
    "let k = 2\n",
    "param nu = 0.1\n",
    "exact u = 0\n",
    "reference u from \"a\" (x, t, u)\n",
    "train { a = b }\n",
    "problem \"p\"\n",
    "coord ",
    "time ",
    "field ",
    "eq ",
    "let ",
    "on ",
    "in ",
    "from ",
    "train ",
    "u ",
    "x ",
    "t ",
    "u_x ",
    "u_{x t} ",
    "f",
    "d",
    "sin",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    ",",
    ":",
    "=",
    "+",
    "-",
    "*",
    "/",
    "^",
    "1",
    ".5",
    "2.",
    "\"",
    "\n",
    " ",
    "#",
    "∂",
    "é",
    "_",
    "field v(x, t) in R^2 [m/s]\n",
    "coord y [m], z[3] in [0, 1]\n",
    "unknown k [1/s] in (0, 1) = 1\n",
    "domain D = a minus b\n",
    "boundary b = a.left where 0 < y < 1\n",
    "boundary r = rest\n",
    "at t = 1: u = 0\n",
    "on r, boundary: u = 0\n",
    "manufactured v.x = 0\n",
    "observe u from \"a\" (x, t, u) noise 0.1\n",
    "minimize e: integral(u, x)\n",
    "constraint integral(u, x) = 0\n",
    "param Re over [1, 2]\n",
    "eq (v·∇)v = ∇²u\n",
    "∇",
    "∇²",
    "∇^2",
    "∆",
    "Δ",
    "∂_t ",
    "∂_{x t}",
    "∂_",
    "(v·∇)",
    "·",
    "×",
    "²",
    "⁻¹",
    "⁻",
    "[m/s]",
    "[m^(1/2)]",
    "[x]",
    ".x",
    ".",
    "<",
    "<=",
    "≥",
    "∪",
    " union ",
    " minus ",
    "\\",
    "unknown ",
    "field_",
    "where ",
    "rest",
    "\u{202e}",
];
