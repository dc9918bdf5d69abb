//! From [`Problem`] to text, in the notation of the language.

use super::{CoordinateId, ExpressionId, ExpressionKind, Part, Problem, Role, Side, Unit};
use crate::hir::BinaryOperator;
use crate::syntax::print as syntax;
use std::fmt::Write;

/// The text of a problem, one section for each kind of statement.
#[must_use]
pub fn print(problem: &Problem) -> String {
    let mut sections = String::new();
    if let Some(title) = &problem.title {
        let _ = writeln!(sections, "problem \"{title}\"");
    }
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(sections, "{title}");
            for line in lines {
                let _ = writeln!(sections, "  {line}");
            }
        }
    };
    let text = |id| expression(problem, id);
    section("coordinates", coordinates(problem));
    section(
        "fields",
        problem
            .fields
            .iter()
            .map(|(_, field)| {
                let arguments: Vec<&str> = field
                    .arguments
                    .iter()
                    .map(|id| problem.coordinates[*id].name.as_str())
                    .collect();
                format!(
                    "{}({}){}",
                    field.name,
                    arguments.join(", "),
                    measured(field.unit.as_ref())
                )
            })
            .collect(),
    );
    section(
        "parameters",
        problem
            .parameters
            .iter()
            .map(|(_, parameter)| {
                format!(
                    "{} = {}{}",
                    parameter.name,
                    syntax::number(parameter.value),
                    measured(parameter.unit.as_ref())
                )
            })
            .collect(),
    );
    section(
        "definitions",
        problem
            .definitions
            .iter()
            .map(|(_, definition)| format!("{} = {}", definition.name, text(definition.value)))
            .collect(),
    );
    section(
        "equations",
        problem
            .equations
            .iter()
            .map(|equation| {
                format!(
                    "{}: {} = {}",
                    equation.label,
                    text(equation.left),
                    text(equation.right)
                )
            })
            .collect(),
    );
    let energies = problem.energies.iter();
    section(
        "minimized",
        energies
            .map(|energy| format!("{}: {}", energy.label, text(energy.value)))
            .collect(),
    );
    section(
        "conditions",
        problem
            .conditions
            .iter()
            .map(|condition| {
                let place = part(problem, condition.part);
                format!(
                    "on {place}: {} = {}",
                    text(condition.left),
                    text(condition.right)
                )
            })
            .collect(),
    );
    let constraints = problem.constraints.iter();
    section(
        "constraints",
        constraints
            .map(|it| format!("{}: {} = {}", it.label, text(it.left), text(it.right)))
            .collect(),
    );
    if let Ok(derived) = crate::variation::stationary(problem) {
        let problem = &derived.problem;
        let natural = problem.conditions.iter().skip(derived.given);
        let equations = problem.equations.iter().map(|it| (&it.label, it.left));
        let all = equations.chain(natural.map(|it| (&it.label, it.left)));
        section(
            "minimiser",
            all.map(|(label, left)| format!("{label}: {} = 0", expression(problem, left)))
                .collect(),
        );
    }
    section(
        "exact",
        problem
            .exact
            .iter()
            .map(|exact| {
                format!(
                    "{} = {}",
                    problem.fields[exact.field].name,
                    text(exact.value)
                )
            })
            .collect(),
    );
    section("references", references(problem));
    section(
        "train",
        problem.settings.iter().map(syntax::setting).collect(),
    );
    sections
}

/// The text of one expression, with no more brackets than its meaning needs.
#[must_use]
pub fn expression(problem: &Problem, root: ExpressionId) -> String {
    let mut text = String::new();
    let mut rest = vec![Rest::Expression(root, Strength::Sum)];
    while let Some(next) = rest.pop() {
        match next {
            Rest::Text(piece) => text.push_str(piece),
            Rest::Made(piece) => text.push_str(&piece),
            Rest::Expression(id, wanted) => {
                if strength(problem, id) < wanted {
                    text.push('(');
                    rest.extend([Rest::Text(")"), Rest::Expression(id, Strength::Sum)]);
                } else {
                    write_node(problem, id, &mut text, &mut rest);
                }
            }
        }
    }
    text
}

/// `x = 0`, the place of a part of the boundary.
#[must_use]
pub fn part(problem: &Problem, part: Part) -> String {
    let coordinate = &problem.coordinates[part.coordinate];
    let end = match part.side {
        Side::Low => coordinate.low,
        Side::High => coordinate.high,
    };
    format!("{} = {}", coordinate.name, syntax::number(end))
}

/// `u_xx`, `u_{theta theta}`: the derivative of something that has a name.
pub(crate) fn subscripted(problem: &Problem, base: &str, by: &[CoordinateId]) -> String {
    if by.is_empty() {
        return base.to_owned();
    }
    let names: Vec<&str> = by
        .iter()
        .map(|id| problem.coordinates[*id].name.as_str())
        .collect();
    // Letters run together only where they cannot be read as another coordinate.
    let plain = problem
        .coordinates
        .iter()
        .all(|(_, coordinate)| coordinate.name.chars().count() == 1);
    if plain || (names.len() == 1 && names[0].chars().count() == 1) {
        format!("{base}_{}", names.concat())
    } else {
        format!("{base}_{{{}}}", names.join(" "))
    }
}

/// How tightly an expression holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// What is still to be printed.
enum Rest {
    Expression(ExpressionId, Strength),
    Text(&'static str),
    Made(String),
}

fn strength(problem: &Problem, id: ExpressionId) -> Strength {
    match &problem.expressions[id].kind {
        ExpressionKind::Binary { operator, .. } => match operator {
            BinaryOperator::Add | BinaryOperator::Subtract => Strength::Sum,
            BinaryOperator::Multiply | BinaryOperator::Divide => Strength::Product,
            BinaryOperator::Power => Strength::Power,
        },
        ExpressionKind::Negate(_) => Strength::Sign,
        ExpressionKind::Number(value) if value.is_sign_negative() => Strength::Sign,
        ExpressionKind::Number(_)
        | ExpressionKind::Constant(_)
        | ExpressionKind::Coordinate(_)
        | ExpressionKind::Parameter(_)
        | ExpressionKind::Field(_)
        | ExpressionKind::Definition(_)
        | ExpressionKind::Derivative { .. }
        | ExpressionKind::Call { .. }
        | ExpressionKind::Minimum(..)
        | ExpressionKind::Maximum(..)
        | ExpressionKind::Unknown(_)
        | ExpressionKind::Select { .. }
        | ExpressionKind::Integral { .. } => Strength::Atom,
    }
}

fn write_node(problem: &Problem, id: ExpressionId, text: &mut String, rest: &mut Vec<Rest>) {
    let whole = |id| Rest::Expression(id, Strength::Sum);
    match &problem.expressions[id].kind {
        ExpressionKind::Number(value) => text.push_str(&syntax::number(*value)),
        ExpressionKind::Constant(constant) => text.push_str(constant.name()),
        ExpressionKind::Coordinate(id) => text.push_str(&problem.coordinates[*id].name),
        ExpressionKind::Parameter(id) => text.push_str(&problem.parameters[*id].name),
        ExpressionKind::Field(id) => text.push_str(&problem.fields[*id].name),
        ExpressionKind::Definition(id) => text.push_str(&problem.definitions[*id].name),
        ExpressionKind::Unknown(id) => text.push_str(&problem.unknowns[*id].name),
        ExpressionKind::Derivative { operand, by } => {
            if let Some(base) = named(problem, *operand) {
                text.push_str(&subscripted(problem, base, by));
            } else {
                write_derivative(problem, *operand, by, text, rest);
            }
        }
        ExpressionKind::Negate(operand) => {
            text.push('-');
            rest.push(Rest::Expression(*operand, Strength::Power));
        }
        ExpressionKind::Binary {
            operator,
            left,
            right,
        } => {
            let (before, after) = match operator {
                BinaryOperator::Add | BinaryOperator::Subtract => {
                    (Strength::Sum, Strength::Product)
                }
                BinaryOperator::Multiply | BinaryOperator::Divide => {
                    (Strength::Product, Strength::Power)
                }
                BinaryOperator::Power => (Strength::Atom, Strength::Power),
            };
            rest.extend([
                Rest::Expression(*right, after),
                Rest::Text(operator.text()),
                Rest::Expression(*left, before),
            ]);
        }
        ExpressionKind::Call { function, argument } => {
            text.push_str(function.name());
            text.push('(');
            rest.extend([Rest::Text(")"), whole(*argument)]);
        }
        ExpressionKind::Select {
            left,
            right,
            then,
            otherwise,
        } => {
            text.push_str("if(");
            rest.extend([
                Rest::Text(")"),
                whole(*otherwise),
                Rest::Text(", "),
                whole(*then),
                Rest::Text(", "),
                whole(*right),
                Rest::Text(" < "),
                whole(*left),
            ]);
        }
        ExpressionKind::Integral { operand, over } => {
            text.push_str("integral(");
            let names: Vec<&str> = over
                .iter()
                .map(|id| problem.coordinates[*id].name.as_str())
                .collect();
            rest.extend([
                Rest::Made(format!(", {})", names.join(", "))),
                whole(*operand),
            ]);
        }
        ExpressionKind::Minimum(left, right) => {
            text.push_str("min(");
            rest.extend([
                Rest::Text(")"),
                whole(*right),
                Rest::Text(", "),
                whole(*left),
            ]);
        }
        ExpressionKind::Maximum(left, right) => {
            text.push_str("max(");
            rest.extend([
                Rest::Text(")"),
                whole(*right),
                Rest::Text(", "),
                whole(*left),
            ]);
        }
    }
}

/// `d(d(operand, x, 2), t)`: the derivative of something without a name.
fn write_derivative(
    problem: &Problem,
    operand: ExpressionId,
    by: &[CoordinateId],
    text: &mut String,
    rest: &mut Vec<Rest>,
) {
    let runs: Vec<&[CoordinateId]> = by.chunk_by(|left, right| left == right).collect();
    for run in runs.iter().rev() {
        text.push_str("d(");
        let order = match run.len() {
            1 => String::new(),
            order => format!(", {order}"),
        };
        rest.push(Rest::Made(format!(
            ", {}{order})",
            problem.coordinates[run[0]].name
        )));
    }
    rest.push(Rest::Expression(operand, Strength::Sum));
}

fn named(problem: &Problem, id: ExpressionId) -> Option<&str> {
    match &problem.expressions[id].kind {
        ExpressionKind::Field(id) => Some(&problem.fields[*id].name),
        ExpressionKind::Definition(id) => Some(&problem.definitions[*id].name),
        ExpressionKind::Number(_)
        | ExpressionKind::Constant(_)
        | ExpressionKind::Coordinate(_)
        | ExpressionKind::Parameter(_)
        | ExpressionKind::Derivative { .. }
        | ExpressionKind::Negate(_)
        | ExpressionKind::Binary { .. }
        | ExpressionKind::Call { .. }
        | ExpressionKind::Minimum(..)
        | ExpressionKind::Maximum(..)
        | ExpressionKind::Unknown(_)
        | ExpressionKind::Select { .. }
        | ExpressionKind::Integral { .. } => None,
    }
}

fn coordinates(problem: &Problem) -> Vec<String> {
    problem
        .coordinates
        .iter()
        .map(|(_, coordinate)| {
            let role = match coordinate.role {
                Role::Space => "",
                Role::Time => ", time",
                Role::Family => ", family",
            };
            let periodic = if coordinate.periodic {
                ", periodic"
            } else {
                ""
            };
            let (low, high) = (
                syntax::number(coordinate.low),
                syntax::number(coordinate.high),
            );
            let unit = measured(coordinate.unit.as_ref());
            format!(
                "{} in [{low}, {high}]{unit}{role}{periodic}",
                coordinate.name
            )
        })
        .collect()
}

/// ` mm`, after a number or a field.
fn measured(unit: Option<&Unit>) -> String {
    unit.map_or(String::new(), |unit| format!(" {}", unit.text))
}

fn references(problem: &Problem) -> Vec<String> {
    problem
        .references
        .iter()
        .map(|reference| {
            let field = &problem.fields[reference.field].name;
            let mut columns = reference.axes.clone();
            columns.push(reference.values.clone());
            format!(
                "{field} from \"{}\" ({})",
                reference.path,
                columns.join(", ")
            )
        })
        .collect()
}
