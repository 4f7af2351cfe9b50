/// What a project gets that depends on `quiver-local`.
@NullMarked
package dev.quiver.local;

import org.jspecify.annotations.NullMarked;
