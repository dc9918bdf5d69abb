//! One text through every stage, as far as it comes.

use pdec_compiler::analysis::analyse;
use pdec_compiler::classify::classify;
use pdec_compiler::diagnostic::Diagnostic;
use pdec_compiler::front;
use pdec_compiler::hir;
use pdec_compiler::program;
use pdec_compiler::source::{Source, Span};
use pdec_compiler::syntax::{format, parse, parse_setting, print};

/// How far a text came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// It has syntax errors.
    Text,
    /// It has other errors.
    Document,
    /// It is a correct problem that cannot be trained yet.
    Problem,
    /// It has been compiled.
    Program,
}

/// Every count by depth.
pub const DEPTHS: usize = 4;

/// Runs all stages; panics where one contradicts another.
pub fn run(text: &str) -> Depth {
    let source = Source::new("fuzz.pde", text);
    if let Err(errors) = parse_setting(&source) {
        check(&source, &errors);
    }
    let document = match parse(&source) {
        Ok(document) => document,
        Err(errors) => {
            assert!(!errors.is_empty(), "refused without a reason");
            check(&source, &errors);
            assert!(format(&source).is_err(), "laid out although it is no file");
            return Depth::Text;
        }
    };
    for declaration in &document.declarations {
        in_text(&source, declaration.span);
        in_text(&source, declaration.keyword);
    }
    for (_, expression) in document.expressions.iter() {
        in_text(&source, expression.span);
    }
    let printed = print(&document);
    let again = reread("printed", &printed);
    assert_eq!(print(&again), printed, "printing again gives another text");
    let laid_out = format(&source).unwrap_or_else(|_| panic!("cannot be laid out"));
    let again = reread("laid out", &laid_out);
    assert_eq!(print(&again), printed, "the layout changes the meaning");
    let twice = format(&Source::new("again", laid_out.clone())).unwrap();
    assert_eq!(twice, laid_out, "a second layout is another");

    let front = match front::read(&source, &[]) {
        Ok(front) => front,
        Err(findings) => {
            let errors: Vec<Diagnostic> = findings.into_iter().map(|f| f.diagnostic).collect();
            assert!(
                errors.iter().any(Diagnostic::is_error),
                "refused without an error"
            );
            check(&source, &errors);
            return Depth::Document;
        }
    };
    check(&source, &front.warnings);
    check(&source, &front.problem.unsupported);
    let _ = (
        hir::print(&front.problem),
        pdec_compiler::latex::latex(&document, &front.problem),
    );
    let _ = (classify(&front.problem), analyse(&front.problem));
    if !front.problem.unsupported.is_empty() {
        return Depth::Problem;
    }
    let compiled = program::build(&front.problem, &front.settings);
    let _ = program::print_plan(&compiled);
    Depth::Program
}

fn reread(what: &str, text: &str) -> pdec_compiler::syntax::Document {
    parse(&Source::new("again", text)).unwrap_or_else(|errors| {
        panic!(
            "what was {what} cannot be read: {}\n{text}",
            errors[0].message
        )
    })
}

/// Every place in every message lies in the text.
fn check(source: &Source, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        assert!(!diagnostic.message.is_empty());
        in_text(source, diagnostic.primary.span);
        for label in &diagnostic.secondary {
            in_text(source, label.span);
        }
        if let Some(edit) = &diagnostic.edit {
            in_text(source, edit.span);
        }
    }
}

fn in_text(source: &Source, span: Span) {
    assert!(
        source.text.get(span.range()).is_some(),
        "{span} is no place in the text"
    );
}
