//! The units of a file against those of the problem.

use super::column::Column;
use super::error::DataError;
use pdec_compiler::hir::{Unit, units};

/// A column in the unit that its quantity is declared in. A column without a unit is in it already; where the problem has
/// no units, those of the file are taken as they are.
///
/// # Errors
///
/// [`DataError::Unit`] for a unit that is unknown or measures something else.
pub fn to_unit(
    mut column: Column,
    quantity: &str,
    declared: Option<&Unit>,
) -> Result<Column, DataError> {
    let (Some(found), Some(declared)) = (&column.unit, declared) else {
        return Ok(column);
    };
    let fail = |reason: String| DataError::Unit {
        column: column.name.clone(),
        found: found.clone(),
        quantity: quantity.to_owned(),
        declared: declared.text.clone(),
        reason,
    };
    let unit = units::named(found).ok_or_else(|| {
        fail("it is no unit that is known here; write the column in the declared unit".to_owned())
    })?;
    if unit.dimension != declared.dimension {
        return Err(fail("they do not measure the same".to_owned()));
    }
    // Multiplied only where they differ, so that equal units change no bit.
    if unit.factor != declared.factor {
        let factor = unit.factor / declared.factor;
        column.values.iter_mut().for_each(|value| *value *= factor);
        column.unit = Some(declared.text.clone());
    }
    Ok(column)
}
