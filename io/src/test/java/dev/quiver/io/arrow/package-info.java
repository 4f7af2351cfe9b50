/// Tests of Arrow files.
@NullMarked
package dev.quiver.io.arrow;

import org.jspecify.annotations.NullMarked;
