"""llama.cpp behind the LLM contract, through the low-level API of llama-cpp-python."""
