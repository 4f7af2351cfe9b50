/// Tests of XML files.
@NullMarked
package dev.quiver.io.xml;

import org.jspecify.annotations.NullMarked;
