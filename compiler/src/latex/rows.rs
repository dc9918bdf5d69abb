//! The display: equations, energies, constraints and conditions, one a row, with the places where they hold.

use super::Paper;
use super::expression::unit;
use super::name::{self, symbol};
use crate::syntax::{DeclarationKind, Equation, ExpressionId, ExpressionKind, Name, Place, Side};
use std::collections::BTreeSet;

/// A row of the display and the tag behind its punctuation.
pub(super) type Row = (String, String);

impl Paper<'_> {
    fn sides(&self, equation: &Equation) -> String {
        let left = self.writer.expression(equation.left);
        let right = self.writer.expression(equation.right);
        format!("{left} &= {right}")
    }

    /// Equations, energies, constraints, then conditions.
    pub(super) fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let tagged = |label: &Option<Name>| match label {
            Some(written) => format!(r" \tag{{{}}}", name::label(&written.text)),
            None => String::new(),
        };
        let beginning = self.beginning();
        let mut conditions = Vec::new();
        for declaration in &self.document.declarations {
            match &declaration.kind {
                DeclarationKind::Equation {
                    label,
                    equation,
                    region,
                } => {
                    let place = region.as_ref().map_or(String::new(), |region| {
                        format!(r" &\quad& \text{{in }} {}", symbol(&region.text))
                    });
                    rows.push((format!("{}{place}", self.sides(equation)), tagged(label)));
                }
                DeclarationKind::Minimize { label, value } => {
                    let value = self.writer.expression(*value);
                    rows.push((format!(r"{value} &\to \min"), tagged(label)));
                }
                DeclarationKind::Constraint { label, equation } => {
                    rows.push((self.sides(equation), tagged(label)));
                }
                DeclarationKind::Initial(equation) => {
                    conditions.push(self.condition(equation, "at", beginning.as_slice()));
                }
                DeclarationKind::At { place, equation } => {
                    let value = self.value_of(&place.coordinate.text, place.value);
                    let place = format!("{} = {value}", self.coordinate_of(place));
                    conditions.push(self.condition(equation, "at", &[place]));
                }
                DeclarationKind::Condition { places, equation } => {
                    let mut row = self.sides(equation);
                    if let [Place::Everywhere(_)] = places.as_slice() {
                        row.push_str(r" &\quad& \text{on the boundary}");
                        conditions.push((row, String::new()));
                        continue;
                    }
                    let on = places.iter().all(|it| matches!(it, Place::Named(_)));
                    let places: Vec<String> = places.iter().map(|it| self.place(it)).collect();
                    let word = if on { "on" } else { "at" };
                    conditions.push(self.condition(equation, word, &places));
                }
                _ => {}
            }
        }
        rows.extend(conditions);
        // What the file says twice, a paper says once.
        let mut seen = BTreeSet::new();
        rows.retain(|row| seen.insert(row.clone()));
        rows
    }

    /// `t = 0`
    fn beginning(&self) -> Vec<String> {
        let time = self.document.declarations.iter().find_map(|declaration| {
            let DeclarationKind::Time { name, interval, .. } = &declaration.kind else {
                return None;
            };
            let low = self.value_of(&name.text, interval.as_ref()?.low);
            Some(format!("{} = {low}", symbol(&name.text)))
        });
        time.into_iter().collect()
    }

    /// A value of a coordinate; a plain number is in its unit.
    fn value_of(&self, coordinate: &str, value: ExpressionId) -> String {
        let written = self.writer.expression(value);
        let mut plain = value;
        while let ExpressionKind::Unary { operand, .. } = &self.document.expressions[plain].kind {
            plain = *operand;
        }
        let zero = match &self.document.expressions[plain].kind {
            ExpressionKind::Number { value, .. } => *value == 0.0,
            _ => return written,
        };
        let measure = self
            .document
            .declarations
            .iter()
            .find_map(|declaration| match &declaration.kind {
                DeclarationKind::Coordinates { names, .. } => names
                    .iter()
                    .find(|it| it.name.text == coordinate)
                    .and_then(|it| it.unit.as_ref()),
                DeclarationKind::Time { name, unit, .. } if name.text == coordinate => {
                    unit.as_ref()
                }
                _ => None,
            });
        match measure {
            Some(measure) if !zero => format!(r"{written}\,{}", unit(measure)),
            Some(_) | None => written,
        }
    }

    /// `x`, `x_{1}`
    fn coordinate_of(&self, side: &Side) -> String {
        let name = symbol(&side.coordinate.text);
        match side.index {
            Some(index) => format!("{name}_{{{}}}", self.writer.expression(index)),
            None => name,
        }
    }

    fn condition(&self, equation: &Equation, word: &str, places: &[String]) -> Row {
        let places = match places {
            [most @ .., last] if !most.is_empty() => {
                format!(r"{} \text{{ and }} {last}", most.join(r",\ "))
            }
            few => few.concat(),
        };
        (
            format!(
                r"{} &\quad& \text{{{word} }} {places}",
                self.sides(equation)
            ),
            String::new(),
        )
    }

    fn place(&self, place: &Place) -> String {
        match place {
            Place::Side(side) => {
                let value = self.value_of(&side.coordinate.text, side.value);
                format!("{} = {value}", self.coordinate_of(side))
            }
            Place::Named(name) => symbol(&name.text),
            Place::Everywhere(_) => r"\text{the boundary}".to_owned(),
        }
    }
}
