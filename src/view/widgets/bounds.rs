//! Values kept between bounds that are computed.

/// `x` kept between two bounds, of which the lower one holds where they have crossed: by a rounding, or since there is
/// no room between them. `clamp` panics then, and a panic in a frame ends the program. What is not a number becomes a
/// bound that is one.
pub fn between<T: PartialOrd>(x: T, low: T, high: T) -> T {
    let x = if x < high { x } else { high };
    if x > low { x } else { low }
}
