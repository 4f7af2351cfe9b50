/// The instruction set that workers run: plain records which planner, protocol and worker share.
@NullMarked
package dev.quiver.operator;

import org.jspecify.annotations.NullMarked;
