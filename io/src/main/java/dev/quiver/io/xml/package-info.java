/// XML: elements to rows of typed columns, nested ones too.
@NullMarked
package dev.quiver.io.xml;

import org.jspecify.annotations.NullMarked;
