/// Remote files against a real server that answers badly.
@NullMarked
package dev.quiver.io.store;

import org.jspecify.annotations.NullMarked;
