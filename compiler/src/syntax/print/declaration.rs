//! Prints declarations and their parts.

use super::Printer;
use crate::syntax::{
    Bounds, Codomain, CoordinateName, DeclarationKind, Equation, ExpressionId, Interval, Name,
    ParameterKind, Place, Region, Side, Target, Text, Unit,
};

impl Printer<'_> {
    pub(super) fn declaration(&mut self, kind: &DeclarationKind) {
        match kind {
            DeclarationKind::Title(title) => {
                self.text.push_str("problem ");
                self.quoted(&title.text);
            }
            DeclarationKind::Coordinates { names, interval } => {
                self.text.push_str("coord ");
                self.separated(names, Self::coordinate);
                self.interval(" in ", interval.as_ref());
            }
            DeclarationKind::Time {
                name,
                unit,
                interval,
            } => {
                self.measured("time ", name, unit.as_ref());
                self.interval(" in ", interval.as_ref());
            }
            DeclarationKind::Field {
                name,
                arguments,
                codomain,
                unit,
            } => {
                self.word("field ", name);
                self.arguments(arguments);
                self.codomain(codomain.as_ref());
                self.behind(unit.as_ref());
            }
            DeclarationKind::Parameter { name, unit, value } => {
                self.measured("param ", name, unit.as_ref());
                match value {
                    ParameterKind::Fixed(value) => self.value_of(" = ", *value),
                    ParameterKind::Family(interval) => self.interval(" over ", Some(interval)),
                }
            }
            DeclarationKind::Unknown {
                name,
                arguments,
                unit,
                bounds,
                start,
            } => {
                self.text.push_str("unknown ");
                if let Some(arguments) = arguments {
                    self.word("field ", name);
                    self.arguments(arguments);
                } else {
                    self.word("", name);
                }
                self.behind(unit.as_ref());
                self.bounds(bounds.as_ref());
                if let Some(start) = start {
                    self.value_of(" = ", *start);
                }
            }
            DeclarationKind::Definition {
                name,
                arguments,
                value,
            } => {
                self.word("let ", name);
                if let Some(arguments) = arguments {
                    self.arguments(arguments);
                }
                self.value_of(" = ", *value);
            }
            DeclarationKind::Domain { name, value } => {
                self.word("domain ", name);
                self.value_of(" = ", *value);
            }
            DeclarationKind::Boundary {
                name,
                region,
                restriction,
            } => {
                self.word("boundary ", name);
                match region {
                    Region::Part(part) => self.value_of(" = ", *part),
                    Region::Rest(_) => self.text.push_str(" = rest"),
                }
                if let Some(restriction) = restriction {
                    self.value_of(" where ", *restriction);
                }
            }
            DeclarationKind::Equation {
                label,
                equation,
                region,
            } => {
                self.labelled("eq ", label.as_ref());
                self.equation(equation);
                if let Some(region) = region {
                    self.word(" in ", region);
                }
            }
            DeclarationKind::Initial(equation) => {
                self.text.push_str("initial ");
                self.equation(equation);
            }
            DeclarationKind::At { place, equation } => {
                self.text.push_str("at ");
                self.side(place);
                self.text.push_str(": ");
                self.equation(equation);
            }
            DeclarationKind::Condition { places, equation } => {
                self.text.push_str("on ");
                self.separated(places, Self::place);
                self.text.push_str(": ");
                self.equation(equation);
            }
            DeclarationKind::Periodic(names) => {
                self.text.push_str("periodic ");
                self.names(names);
            }
            DeclarationKind::Exact { target, value } => {
                self.target("exact ", target);
                self.value_of(" = ", *value);
            }
            DeclarationKind::Manufactured { target, value } => {
                self.target("manufactured ", target);
                self.value_of(" = ", *value);
            }
            DeclarationKind::Reference {
                target,
                path,
                columns,
            } => {
                self.target("reference ", target);
                self.file(path, columns);
            }
            DeclarationKind::Observe {
                target,
                path,
                columns,
                noise,
            } => {
                self.target("observe ", target);
                self.file(path, columns);
                if let Some(noise) = noise {
                    self.value_of(" noise ", *noise);
                }
            }
            DeclarationKind::Minimize { label, value } => {
                self.labelled("minimize ", label.as_ref());
                self.expression(*value);
            }
            DeclarationKind::Constraint { label, equation } => {
                self.labelled("constraint ", label.as_ref());
                self.equation(equation);
            }
            DeclarationKind::Train(settings) => self.settings(settings),
        }
    }

    fn word(&mut self, before: &str, name: &Name) {
        self.text.push_str(before);
        self.text.push_str(&name.text);
    }

    fn value_of(&mut self, before: &str, value: ExpressionId) {
        self.text.push_str(before);
        self.expression(value);
    }

    fn labelled(&mut self, keyword: &str, label: Option<&Name>) {
        self.text.push_str(keyword);
        if let Some(label) = label {
            self.text.push_str(&label.text);
            self.text.push_str(": ");
        }
    }

    fn names(&mut self, names: &[Name]) {
        self.separated(names, |printer, name| printer.text.push_str(&name.text));
    }

    fn arguments(&mut self, names: &[Name]) {
        self.text.push('(');
        self.names(names);
        self.text.push(')');
    }

    fn measured(&mut self, keyword: &str, name: &Name, unit: Option<&Unit>) {
        self.word(keyword, name);
        self.behind(unit);
    }

    /// A unit, apart from what it belongs to.
    fn behind(&mut self, unit: Option<&Unit>) {
        if let Some(unit) = unit {
            self.text.push(' ');
            self.unit(unit);
        }
    }

    fn coordinate(&mut self, coordinate: &CoordinateName) {
        self.word("", &coordinate.name);
        if let Some(count) = &coordinate.count {
            self.text.push('[');
            self.text.push_str(&count.text);
            self.text.push(']');
        }
        self.behind(coordinate.unit.as_ref());
    }

    fn interval(&mut self, before: &str, interval: Option<&Interval>) {
        if let Some(interval) = interval {
            self.text.push_str(before);
            self.ends(["[", "]"], interval);
        }
    }

    fn bounds(&mut self, bounds: Option<&Bounds>) {
        if let Some(Bounds { interval, open }) = bounds {
            self.text.push_str(" in ");
            let brackets = if *open { ["(", ")"] } else { ["[", "]"] };
            self.ends(brackets, interval);
        }
    }

    fn ends(&mut self, [open, close]: [&str; 2], interval: &Interval) {
        self.value_of(open, interval.low);
        self.value_of(", ", interval.high);
        self.text.push_str(close);
    }

    fn codomain(&mut self, codomain: Option<&Codomain>) {
        if let Some(codomain) = codomain {
            let set = if codomain.complex { " in C" } else { " in R" };
            self.text.push_str(set);
            if let Some(dimension) = &codomain.dimension {
                self.text.push('^');
                self.text.push_str(&dimension.text);
            }
        }
    }

    fn place(&mut self, place: &Place) {
        match place {
            Place::Side(side) => self.side(side),
            Place::Named(name) => self.word("", name),
            Place::Everywhere(_) => self.text.push_str("boundary"),
        }
    }

    fn side(&mut self, side: &Side) {
        self.word("", &side.coordinate);
        if let Some(index) = side.index {
            self.value_of("[", index);
            self.text.push(']');
        }
        self.value_of(" = ", side.value);
    }

    fn target(&mut self, keyword: &str, target: &Target) {
        self.word(keyword, &target.field);
        if let Some(component) = &target.component {
            self.word(".", component);
        }
    }

    fn file(&mut self, path: &Text, columns: &[Name]) {
        self.text.push_str(" from ");
        self.quoted(&path.text);
        self.text.push(' ');
        self.arguments(columns);
    }

    fn equation(&mut self, equation: &Equation) {
        self.value_of("", equation.left);
        self.value_of(" = ", equation.right);
    }
}
