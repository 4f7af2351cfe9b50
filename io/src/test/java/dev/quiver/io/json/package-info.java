/// Tests of JSON files.
@NullMarked
package dev.quiver.io.json;

import org.jspecify.annotations.NullMarked;
