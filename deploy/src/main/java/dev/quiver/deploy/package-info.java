/// The `quiver` command: what a person types, turned into calls of the public API.
@NullMarked
package dev.quiver.deploy;

import org.jspecify.annotations.NullMarked;
