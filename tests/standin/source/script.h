// Commands as lines of text: what C control functions do, also from a file that another process writes.
#pragma once

#include <string>

namespace standin {

// Carries one command out; gives what is wrong with it, or "". An empty line and one that starts with # do nothing.
std::string run_command(const std::string& line);

// Runs the file that MT4_STANDIN_SCRIPT names at the first use, and what is appended to it at every later one.
// Ends the process with a word on stderr when a line is wrong: a test would prove something else otherwise.
void follow_script();

}  // namespace standin
