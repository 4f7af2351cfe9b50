/// What notebooks and shells show: frames and tables as HTML, plans as pictures, runs as progress
/// that moves.
@NullMarked
package dev.quiver.notebook;

import org.jspecify.annotations.NullMarked;
