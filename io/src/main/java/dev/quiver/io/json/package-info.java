/// JSON: objects to rows of typed columns, nested ones too, and back.
@NullMarked
package dev.quiver.io.json;

import org.jspecify.annotations.NullMarked;
