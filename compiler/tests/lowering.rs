//! Correct files: what the compiler reads out of each file of `tests/lowering`.

mod support;

use pdec_compiler::hir::{self, Overrides};
use pdec_compiler::source::Source;
use pdec_compiler::syntax::{parse, print};
use std::fmt::Write;
use support::{compile, files, read, render};

#[test]
fn correct_files_are_understood() {
    for path in files("lowering") {
        let source = read(&path);
        let complain = |errors: Vec<_>| -> String {
            errors.iter().map(|error| render(&source, error)).collect()
        };
        let document = parse(&source).map_err(complain).unwrap();
        let (problem, warnings) = hir::resolve(&source, &document, &Overrides::new())
            .map_err(complain)
            .unwrap();
        let mut text = format!(
            "{}\n\n== ast\n{}\n",
            source.text.trim_end(),
            print(&document)
        );
        let _ = write!(text, "== hir\n{}", hir::print(&problem));
        for warning in &warnings {
            let _ = write!(text, "\n{}", render(&source, warning));
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(path.parent().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), text);
        });
    }
}

#[test]
fn printing_and_parsing_again_changes_nothing() {
    for path in files("lowering") {
        let source = read(&path);
        let once = print(&parse(&source).unwrap());
        let twice = print(&parse(&Source::new("again", once.clone())).unwrap());
        assert_eq!(once, twice);
        let (before, _) = compile(&source).unwrap();
        let (after, _) = compile(&Source::new("again", once)).unwrap();
        assert_eq!(hir::print(&before), hir::print(&after));
    }
}

#[test]
fn what_is_written_out_stands_where_it_is_called() {
    let text = "coord x in [0, 1] let f(w) = w^2 field u(x) eq u_xx = f(u) on x = 0, x = 1: u = 0";
    let source = Source::new("call.pde", text);
    let (problem, _) = compile(&source).unwrap();
    let right = problem.equations[0].right;
    assert_eq!(source.slice(problem.expressions[right].span), "f(u)");
}
