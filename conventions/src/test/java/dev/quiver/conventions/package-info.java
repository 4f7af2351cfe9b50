/// What holds for the whole code base, each convention a test that names file, line and remedy.
@NullMarked
package dev.quiver.conventions;

import org.jspecify.annotations.NullMarked;
