/// Messages as bytes, between processes that may be of different versions or not ours at all.
@NullMarked
package dev.quiver.protocol.wire;

import org.jspecify.annotations.NullMarked;
