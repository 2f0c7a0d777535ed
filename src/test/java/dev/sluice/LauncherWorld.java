package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A world of JDKs and a Maven that are scripts, and the {@code sluice} script in it. */
abstract class LauncherWorld {

  static final String TOOLS = "/usr/bin:/bin";

  @TempDir Path world;
  Path project;
  final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void makeAProjectThatIsBuilt() throws IOException {
    world = world.toRealPath();
    project = Files.createDirectories(world.resolve("project"));
    Path launcher = project.resolve("sluice");
    Files.writeString(launcher, Files.readString(Path.of("sluice")).transform(this::moved));
    executable(launcher);
    Files.createDirectories(project.resolve("src/main"));
    Files.writeString(project.resolve("pom.xml"), "");
    Files.writeString(project.resolve("src/main/A.java"), "");
    Files.createDirectories(project.resolve("target"));
    Files.writeString(jar(), "");
    date(project.resolve("pom.xml"), 1_000);
    date(project.resolve("src/main/A.java"), 1_000);
    date(jar(), 2_000);
    environment.put("PATH", toolsWithoutJava(world));
    environment.put("HOME", world.resolve("home").toString());
  }

  Path jar() {
    return project.resolve("target/sluice.jar");
  }

  String moved(String script) {
    String moved = script.replace("/usr/lib/jvm/", world.resolve("jvm") + "/");
    return moved.replace("/Library/Java/", world + "/").replace("/opt/homebrew/", world + "/");
  }

  /** A PATH with the few tools the launcher calls, and neither a java nor a mvn. */
  static String toolsWithoutJava(Path world) throws IOException {
    Path tools = Files.createDirectories(world.resolve("tools"));
    for (String tool :
        List.of("sed", "head", "dirname", "readlink", "find", "touch", "mkdir", "rm", "cat")) {
      for (String folder : TOOLS.split(":", -1)) {
        Path program = Path.of(folder, tool);
        if (Files.exists(program) && !Files.exists(tools.resolve(tool))) {
          Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec " + program + " \"$@\"\n");
          executable(tools.resolve(tool));
        }
      }
    }
    return tools.toString();
  }

  /** Makes a JDK whose java prints its own name and its arguments, one a line. */
  Path jdk(String folder, String version) throws IOException {
    Path home = world.resolve(folder);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"Fake\"\nJAVA_VERSION=\"" + version + "\"\n");
    Path java = home.resolve("bin/java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\"\nexit ${FAKE_EXIT:-0}\n");
    executable(java);
    return home;
  }

  /** Makes a Maven that says how it was called and writes the jar. */
  void maven() throws IOException {
    Path maven = world.resolve("tools/mvn");
    Files.writeString(
        maven,
        """
        #!/bin/sh
        echo "mvn $* in $(pwd -P) with $JAVA25_HOME"
        test -z "$FAKE_EXIT" || exit "$FAKE_EXIT"
        : >target/sluice.jar
        """);
    executable(maven);
    environment.put("PATH", world.resolve("tools").toString());
  }

  static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  static void date(Path file, long second) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(second)));
  }

  Run launch(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(project.resolve("sluice").toString()));
    command.addAll(List.of(arguments));
    return start(world, command);
  }

  Run start(Path folder, List<String> command) throws Exception {
    Path out = world.resolve("out");
    Path err = world.resolve("err");
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    int exit = builder.start().waitFor();
    return new Run(exit, Files.readAllLines(out, UTF_8), Files.readAllLines(err, UTF_8));
  }

  record Run(int exit, List<String> out, List<String> err) {

    /** The home of the JDK that was started. */
    Path java() {
      return Path.of(out.getFirst()).getParent().getParent();
    }
  }
}
