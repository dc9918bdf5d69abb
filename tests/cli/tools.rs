//! The commands around a file: `new`, `fmt`, `completions`.

use crate::Workplace;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

const LOOSE: &str =
    "# a rod\ncoord   x in[0,1]\n\n\nfield u( x )  # unknown\neq u_xx=1\non x=0,x=1:u=0\n";
const NEAT: &str =
    "# a rod\ncoord x in [0, 1]\n\nfield u(x)  # unknown\neq u_xx = 1\non x = 0, x = 1: u = 0\n";

#[test]
fn a_file_is_laid_out_in_its_place() {
    let workplace = Workplace::new();
    workplace.write("loose.pde", LOOSE);
    let finished = workplace.pdec(&["fmt", "--check", "loose.pde", "heat.pde"]);
    finished.says(1, &[]);
    assert_eq!(finished.stdout, "loose.pde\n");
    assert_eq!(
        fs::read_to_string(workplace.path("loose.pde")).unwrap(),
        LOOSE
    );
    workplace
        .pdec(&["fmt", "loose.pde", "heat.pde"])
        .says(0, &[]);
    assert_eq!(
        fs::read_to_string(workplace.path("loose.pde")).unwrap(),
        NEAT
    );
    workplace
        .pdec(&["fmt", "--check", "loose.pde"])
        .says(0, &[]);
    assert_eq!(workplace.names(), ["heat.pde", "loose.pde"]);
}

#[test]
fn a_file_with_mistakes_is_left_alone_and_the_others_are_not() {
    let workplace = Workplace::new();
    workplace.write("bad.pde", "eq  u_t = 2 u\n");
    workplace.write("loose.pde", LOOSE);
    let finished = workplace.pdec(&["fmt", "bad.pde", "loose.pde"]);
    finished.says(1, &["error[syntax]", "bad.pde:1"]);
    let text = fs::read_to_string(workplace.path("bad.pde")).unwrap();
    assert_eq!(text, "eq  u_t = 2 u\n");
    assert_eq!(
        fs::read_to_string(workplace.path("loose.pde")).unwrap(),
        NEAT
    );
    assert_eq!(workplace.names(), ["bad.pde", "heat.pde", "loose.pde"]);
    workplace
        .pdec(&["fmt", "none.pde"])
        .says(2, &["cannot read `none.pde`"]);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_a_protected_file_stays_as_it_is() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let workplace = Workplace::new();
    workplace.write("loose.pde", LOOSE);
    symlink("loose.pde", workplace.path("link.pde")).unwrap();
    let mode = |mode| {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(workplace.path("loose.pde"), permissions).unwrap();
    };
    mode(0o444);
    workplace
        .pdec(&["fmt", "link.pde"])
        .says(2, &["cannot write `link.pde`"]);
    assert_eq!(
        fs::read_to_string(workplace.path("loose.pde")).unwrap(),
        LOOSE
    );
    mode(0o640);
    workplace.pdec(&["fmt", "link.pde"]).says(0, &[]);
    assert_eq!(
        fs::read_to_string(workplace.path("loose.pde")).unwrap(),
        NEAT
    );
    assert!(
        fs::symlink_metadata(workplace.path("link.pde"))
            .unwrap()
            .is_symlink()
    );
    let metadata = fs::metadata(workplace.path("loose.pde")).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o640);
}

#[test]
fn standard_input_is_laid_out_on_standard_output() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pdec"))
        .args(["fmt", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(LOOSE.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), NEAT);
}

#[test]
fn every_template_is_correct_and_laid_out() {
    let templates = [
        "heat",
        "wave",
        "poisson",
        "advection",
        "oscillator",
        "reaction",
    ];
    for template in templates {
        let workplace = Workplace::new();
        let finished = workplace.pdec(&["new", "my problem", "--template", template]);
        finished.says(0, &[]);
        assert!(finished.stdout.contains("pdec train 'my problem.pde'"));
        let file = "my problem.pde";
        let finished = workplace.pdec(&["check", file]);
        finished.says(0, &[]);
        assert_eq!(finished.stderr, "", "{template}");
        workplace.pdec(&["fmt", "--check", file]).says(0, &[]);
        let text = fs::read_to_string(workplace.path(file)).unwrap();
        assert!(!text.contains("FILE"), "{text}");
    }
    let workplace = Workplace::new();
    let help = workplace.pdec(&["new", "--help"]).stdout;
    let listed = help
        .lines()
        .filter(|line| line.trim_start().starts_with("- "));
    assert_eq!(listed.count(), templates.len(), "{help}");
}

#[test]
fn a_file_is_never_overwritten() {
    let workplace = Workplace::new();
    for name in ["heat", "heat.pde"] {
        workplace
            .pdec(&["new", name])
            .says(2, &["`heat.pde` exists already"]);
    }
    assert_eq!(
        fs::read_to_string(workplace.path("heat.pde")).unwrap(),
        crate::HEAT
    );
    workplace
        .pdec(&["new", "none/rod"])
        .says(2, &["cannot write `none/rod.pde`"]);
}

#[test]
fn completions_know_every_command() {
    let workplace = Workplace::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let finished = workplace.pdec(&["completions", shell]);
        finished.says(0, &[]);
        for command in ["train", "check", "emit", "fmt", "explain", "new"] {
            assert!(finished.stdout.contains(command), "{shell}: {command}");
        }
    }
}
