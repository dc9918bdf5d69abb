//! What `pdec emit --stage latex` prints of each file of `tests/latex`.

mod support;

use pdec_compiler::latex::latex;
use pdec_compiler::syntax::parse;
use support::{compile, files, read, render};

#[test]
fn problems_are_typeset() {
    for path in files("latex") {
        let source = read(&path);
        let (problem, _) = compile(&source).unwrap_or_else(|errors| {
            let errors: Vec<String> = errors.iter().map(|error| render(&source, error)).collect();
            panic!("{}", errors.concat())
        });
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(path.parent().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            let text = latex(&parse(&source).unwrap(), &problem);
            let shown = format!("{}\n\n== latex\n{text}", source.text.trim_end());
            insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), shown);
        });
    }
}
