# Every make of the addon's build reads this first (MAKEFILES). The addon runs `make -j` in librdkafka: as many compilers at
# once as there are files, some gigabytes. Here it gets as many as there are cores.
ifneq (,$(filter install-subdirs,$(MAKECMDGOALS)))
override MAKE := $(MAKE) -j$(MIRACLEC_CORES)
endif
