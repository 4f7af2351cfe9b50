/// Counted memory: one pool a process, accounts that reserve before they allocate, buffers that are
/// counted until the last owner closes them.
@NullMarked
package dev.quiver.columnar.memory;

import org.jspecify.annotations.NullMarked;
