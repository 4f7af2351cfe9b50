/// What users test their pipelines with: fixtures, assertions about frames, and faults.
@NullMarked
package dev.quiver.testkit;

import org.jspecify.annotations.NullMarked;
