package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The {@code sluice} script among JDKs and a Maven that are scripts themselves: each says how it
 * was called. The script's own folders to search are moved below a folder of the test, so that
 * nothing installed on this machine takes part.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a POSIX shell script")
final class LauncherTest extends LauncherWorld {

  private static final int UNAVAILABLE = 69;

  @Test
  void flagsAreThoseOfTheBuild() throws Exception {
    var matcher =
        Pattern.compile("<jvm.flags>(.*)</jvm.flags>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertThat(matcher.find()).isTrue();
    jdk("jvm/jdk-25", "25.0.3");

    Run run = launch("run", "readings.yaml");

    assertThat(String.join(" ", run.out())).contains(" " + matcher.group(1) + " ");
  }

  @Test
  void classPathMainClassAndArgumentsFollowTheFlags() throws Exception {
    Path jdk = jdk("jvm/jdk-25", "25.0.3");

    Run run = launch("score", "two words", "*", "");

    assertThat(run.out().getFirst()).isEqualTo(jdk.resolve("bin/java").toString());
    assertThat(run.out())
        .endsWith(
            "-cp",
            jar() + ":" + project.resolve("target/lib") + "/*",
            "dev.sluice.app.Main",
            "score",
            "two words",
            "*",
            "");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void startsFromWhatWasRehearsedIfThereIsSomething() throws Exception {
    jdk("jvm/jdk-25", "25.0.3");
    String cache = project.resolve("target/sluice.aot").toString();

    assertThat(launch("run", "a").out()).noneMatch(flag -> flag.contains("AOT"));
    Files.writeString(Path.of(cache), "");

    assertThat(launch("run", "two words").out())
        .contains("-XX:AOTCache=" + cache, "-Xlog:aot*=off")
        .endsWith("dev.sluice.app.Main", "run", "two words");
  }

  @Test
  void aRehearsalThatLeavesNothingFailsAndSaysWhereToLook() throws Exception {
    jdk("jvm/jdk-25", "25.0.3");

    Run run = launch("rehearse");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(String.join("\n", run.err())).contains("rehearsal.log says why");
    assertThat(Files.readString(project.resolve("target/rehearsal.log")))
        .contains("-XX:AOTCacheOutput=" + project.resolve("target/sluice.aot.new"));
  }

  @Test
  void exitCodeIsThatOfTheProgram() throws Exception {
    jdk("jvm/jdk-25", "25.0.3");
    environment.put("FAKE_EXIT", "2");

    assertThat(launch().exit()).isEqualTo(2);
  }

  @Test
  void worksFromAnyFolderAndThroughSymbolicLinks() throws Exception {
    jdk("jvm/jdk-25", "25.0.3");
    Path elsewhere = Files.createDirectories(world.resolve("else where"));
    Path absolute = Files.createSymbolicLink(world.resolve("absolute"), project.resolve("sluice"));
    Path relative = Files.createSymbolicLink(elsewhere.resolve("s"), Path.of("../absolute"));

    for (Path start : List.of(absolute, relative)) {
      Run run = start(elsewhere, List.of(start.toString()));
      assertThat(run.out()).contains(jar() + ":" + project.resolve("target/lib") + "/*");
    }
  }

  @Test
  void ownVariableComesBeforeJavaHome() throws Exception {
    Path chosen = jdk("chosen", "26");
    environment.put("SLUICE_JAVA_HOME", chosen.toString());
    environment.put("JAVA_HOME", jdk("other", "25").toString());

    assertThat(launch().java()).isEqualTo(chosen);
  }

  @Test
  void javaHomeComesBeforeWhatIsInstalled() throws Exception {
    jdk("jvm/jdk-25", "25.0.3");
    Path home = jdk("home of java", "27-ea");
    environment.put("JAVA_HOME", home.toString());

    assertThat(launch().java()).isEqualTo(home);
  }

  @Test
  void javaHomeThatIsTooOldIsPassedOver() throws Exception {
    environment.put("JAVA_HOME", jdk("jvm/jdk-17.0.25", "17.0.25").toString());
    Path installed = jdk("jvm/temurin-25", "25.0.3");

    assertThat(launch().java()).isEqualTo(installed);
  }

  @Test
  void amongInstalledOnesTheReleaseItIsTestedOnComesFirst() throws Exception {
    jdk("jvm/a-26", "26.0.1");
    Path tested = jdk("jvm/b-25", "25.0.3");

    assertThat(launch().java()).isEqualTo(tested);
  }

  @Test
  void laterReleaseWillDo() throws Exception {
    jdk("jvm/java-8", "1.8.0_412");
    Path later = jdk("jvm/zulu", "26.0.1");

    assertThat(launch().java()).isEqualTo(later);
  }

  @Test
  void foldersOfTheUserAreSearched() throws Exception {
    Path sdkman = jdk("home/.sdkman/candidates/java/25-tem", "25");
    assertThat(launch().java()).isEqualTo(sdkman);

    Files.delete(sdkman.resolve("release"));
    Path idea = jdk("home/.jdks/temurin", "25");
    assertThat(launch().java()).isEqualTo(idea);
  }

  @Test
  void javaOnThePathWillDo() throws Exception {
    Path jdk = jdk("opt/jdk", "25.0.3");
    Path link = Files.createSymbolicLink(world.resolve("tools/java"), jdk.resolve("bin/java"));

    assertThat(link).exists();
    assertThat(launch().java()).isEqualTo(jdk);
  }

  @Test
  void withoutJavaItSaysWhatItFoundAndHowToGetOne() throws Exception {
    Path old = jdk("jvm/jdk-21", "21.0.5");
    environment.put("PATH", old.resolve("bin") + ":" + environment.get("PATH"));

    Run run = launch("run");

    assertThat(run.exit()).isEqualTo(UNAVAILABLE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith(
            "sluice: Java 25 or newer is needed, and none was found.",
            "sluice: The java on your PATH is 21 (" + old + ").")
        .anyMatch(line -> line.contains("apt install openjdk-25-jdk-headless"))
        .anyMatch(line -> line.contains("SLUICE_JAVA_HOME=/path/to/jdk-25 sluice ..."));
  }

  @Test
  void choiceThatCannotServeIsRefusedRatherThanReplaced() throws Exception {
    jdk("jvm/jdk-25", "25.0.3");
    Path old = jdk("old", "17.0.15");
    environment.put("SLUICE_JAVA_HOME", old.toString());

    Run run = launch();

    assertThat(run.exit()).isEqualTo(UNAVAILABLE);
    assertThat(run.err())
        .containsExactly(
            "sluice: SLUICE_JAVA_HOME=" + old + " holds Java 17; give a JDK 25 or newer.");
  }

  @Test
  void ownOptionsComeAfterTheDefaults() throws Exception {
    jdk("jvm/jdk-25", "25.0.3");
    environment.put("SLUICE_OPTS", "-Xmx2g  -Da=*");

    assertThat(launch().out()).containsSubsequence("-XX:+UseParallelGC", "-Xmx2g", "-Da=*", "-cp");
  }

  @Test
  void ownCollectorReplacesTheDefaultOne() throws Exception {
    jdk("jvm/jdk-25", "25.0.3");
    environment.put("SLUICE_OPTS", "-XX:+UseZGC");

    assertThat(launch().out()).contains("-XX:+UseZGC").doesNotContain("-XX:+UseParallelGC");
  }

  @Test
  void buildsWhenThereIsNoJarAndSaysSo() throws Exception {
    Path jdk = jdk("jvm/jdk-25", "25.0.3");
    maven();
    Files.delete(jar());

    Run run = launch("demo");

    assertThat(run.err())
        .containsExactly(
            "sluice: target/sluice.jar is not there yet: building it, which takes a minute the"
                + " first time",
            "mvn -B -q -Dquick -Dmaven.test.skip package in " + project + " with " + jdk);
    assertThat(run.out()).contains("demo").noneMatch(line -> line.startsWith("mvn"));
  }

  @Test
  void buildsAgainWhenASourceIsNewerAndOnlyOnce() throws Exception {
    jdk("jvm/jdk-25", "25.0.3");
    maven();
    date(project.resolve("src/main/A.java"), 3_000);

    assertThat(launch().err()).anyMatch(line -> line.contains("newer than target/sluice.jar"));
    assertThat(launch().err()).isEmpty();
  }

  /** The demo's topology is in the jar. */
  @Test
  void buildsAgainWhenATopologyIsNewer() throws Exception {
    jdk("jvm/jdk-25", "25.0.3");
    maven();
    Path topology = Files.createDirectories(project.resolve("topologies")).resolve("a.yaml");
    Files.writeString(topology, "");
    date(topology, 1_000);
    assertThat(launch().err()).isEmpty();
    date(topology, 3_000);

    assertThat(launch().err()).anyMatch(line -> line.contains("newer than target/sluice.jar"));
  }

  @Test
  void buildThatFailsStartsNothing() throws Exception {
    jdk("jvm/jdk-25", "25.0.3");
    maven();
    environment.put("FAKE_EXIT", "1");
    Files.delete(jar());

    Run run = launch();

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).endsWith("sluice: the build failed; what Maven said is above");
  }

  @Test
  void withoutMavenItSaysHowToGetIt() throws Exception {
    jdk("jvm/jdk-25", "25.0.3");
    Files.delete(jar());

    Run run = launch();

    assertThat(run.exit()).isEqualTo(UNAVAILABLE);
    assertThat(run.err())
        .containsExactly(
            "sluice: target/sluice.jar is not there yet, and building it needs Maven 3.8.7 or"
                + " newer: there is no mvn on your PATH.",
            "sluice: Debian, Ubuntu: sudo apt install maven. macOS: brew install maven.");
  }

  @Test
  void benchIsBuiltWithTheTestsOnceAndRunFromThem() throws Exception {
    Path jdk = jdk("jvm/jdk-25", "25.0.3");
    maven();
    Files.createDirectories(project.resolve("src/test"));

    Run first = launch("bench", "--quick");
    Run second = launch("bench", "--quick");

    assertThat(first.err())
        .containsExactly(
            "sluice: building the benchmark",
            "mvn -B -q -Dquick test-compile dependency:build-classpath -Dmdep.includeScope=test"
                + " -Dmdep.outputFile="
                + project
                + "/target/quick/bench-classpath in "
                + project
                + " with "
                + jdk);
    assertThat(first.out()).endsWith("dev.sluice.bench.Bench", "--quick");
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).isEqualTo(first.out());
  }

  @Test
  void withoutSourcesBenchIsACommandOfTheProgram() throws Exception {
    jdk("jvm/jdk-25", "25.0.3");

    assertThat(launch("bench").out()).endsWith("dev.sluice.app.Main", "bench");
  }

  @Test
  void withoutSourcesItNeverBuilds() throws Exception {
    jdk("jvm/jdk-25", "25.0.3");
    Files.delete(project.resolve("pom.xml"));
    date(project.resolve("src/main/A.java"), 3_000);

    assertThat(launch().err()).isEmpty();
  }

  @Test
  void scriptsPassShellcheck() throws Exception {
    assumeThat(Stream.of(TOOLS.split(":", -1)).map(Path::of))
        .as("shellcheck is installed")
        .anyMatch(folder -> Files.exists(folder.resolve("shellcheck")));
    environment.put("PATH", TOOLS);

    Run run = start(Path.of("").toAbsolutePath(), List.of("shellcheck", "sluice", ".ci/run"));

    assertThat(run.out()).isEmpty();
    assertThat(run.exit()).isZero();
  }
}
