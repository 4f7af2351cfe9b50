/// The guide and the README as tests: what they show is what happens.
@NullMarked
package dev.quiver.docs;

import org.jspecify.annotations.NullMarked;
