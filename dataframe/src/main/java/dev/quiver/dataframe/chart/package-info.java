/// Drawings of numbers, as SVG without any script and as text for terminals. They know nothing of
/// frames.
@NullMarked
package dev.quiver.dataframe.chart;

import org.jspecify.annotations.NullMarked;
