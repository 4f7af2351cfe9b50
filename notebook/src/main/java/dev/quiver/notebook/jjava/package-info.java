/// What the Jupyter kernel JJava loads of Quiver.
@NullMarked
package dev.quiver.notebook.jjava;

import org.jspecify.annotations.NullMarked;
