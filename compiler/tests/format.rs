//! Layout: what `pdec fmt` makes of each file of `tests/format`.

mod support;

use pdec_compiler::syntax::format;
use support::{files, read, render};

#[test]
fn files_are_laid_out() {
    for path in files("format") {
        let source = read(&path);
        let text = format(&source).unwrap_or_else(|errors| {
            let errors: Vec<String> = errors.iter().map(|error| render(&source, error)).collect();
            panic!("{}", errors.concat())
        });
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(path.parent().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            let shown = format!("{}\n\n== formatted\n{text}", source.text.trim_end());
            insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), shown);
        });
    }
}
