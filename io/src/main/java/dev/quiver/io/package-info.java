/// Bytes to chunks and back, a chunk at a time: what readers and writers of all formats share.
@NullMarked
package dev.quiver.io;

import org.jspecify.annotations.NullMarked;
